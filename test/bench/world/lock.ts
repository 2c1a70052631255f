import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockFileOf } from '../../../scripts/lib/sources/manifest/lock-file.ts'
import { measure } from '../measure.ts'
import type { Errand } from '../movers.ts'
import { environmentOf, projectFolder, type Session } from './session.ts'
import { withOneChanged } from './work.ts'

/**
 * The lock that a person would have by now: the kit mirrors both lists once, which is not measured, and writes down
 * what it has learned of their images. Returns the lock's text.
 */
export async function learnLock(session: Omit<Session, 'lock'>): Promise<string> {
  const { world, manifest, logFolder, signal } = session
  const folder = await mkdtemp(join(tmpdir(), 'ecr-airlift-lock-'))
  try {
    await world.ask('renew', { blobMounting: true }, [])
    const env = await environmentOf(session, { kind: 'kit' }, folder)
    const manifestFile = join(folder, 'manifest.json')
    for (const list of [manifest, withOneChanged(manifest)]) {
      await writeFile(manifestFile, JSON.stringify(list))
      const args = [
        '--import',
        'tsx',
        'scripts/mirror-to-ecr.ts',
        world.registryHost,
        '--manifest',
        manifestFile,
        '--state-dir',
        join(folder, 'state'),
        '--images-only',
        '--update-lock',
      ]
      const log = join(logFolder, 'lock.log')
      const job = { tool: process.execPath, args, env, cwd: projectFolder, log }
      const { exitCode } = await measure(job, signal)
      if (exitCode !== 0) throw new Error(`no lock could be learned; the kit's output is in ${log}`)
    }
    return await readFile(lockFileOf(manifestFile), 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Puts the lock beside the manifest of a run with mounting, and says whether there is one: else layers are learned on the way. */
export async function prepareLock(
  { manifestFile }: Errand,
  lock: string | undefined,
): Promise<boolean> {
  if (lock === undefined) return false
  await writeFile(lockFileOf(manifestFile), lock)
  return true
}
