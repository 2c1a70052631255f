import { relative } from 'node:path'
import type { Context } from '../cli/main.ts'
import { diffManifests, type ManifestChange } from '../model/manifest-diff.ts'
import { ProblemError } from '../model/problem.ts'
import { findStale, generateFiles, readPreviousManifest, writeGenerated } from './generated.ts'

/**
 * Writes what `charts.yaml` generates and says what changed, or with `check` fails for each file that is out of date.
 */
export async function regenerate(
  { check, quiet }: { readonly check?: boolean; readonly quiet?: boolean },
  { stdout, stderr }: Context,
): Promise<void> {
  const say = (text: string) => {
    if (!quiet) stderr(`${text}\n`)
  }
  const { manifest, files } = await generateFiles()
  const stale = await findStale(files)
  if (check) {
    if (stale.length === 0) return say('generated files are up to date')
    throw new ProblemError(
      stale.map(({ file }) => ({
        kind: 'differs',
        side: 'local',
        message: `"${relative(process.cwd(), file)}" is not what charts.yaml generates`,
        next: 'run "npm run regenerate", review the difference and commit it',
      })),
    )
  }
  const previous = await readPreviousManifest()
  await writeGenerated(stale)
  if (previous !== undefined) stdout(renderChanges(diffManifests(previous, manifest)))
  for (const { file } of stale) say(`wrote ${relative(process.cwd(), file)}`)
  if (stale.length === 0) say('nothing to write: generated files are up to date')
}

const marks: Readonly<Record<ManifestChange['kind'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
}

function renderChanges(changes: readonly ManifestChange[]): string {
  return changes.map(({ kind, subject, text }) => `${marks[kind]} ${subject} ${text}\n`).join('')
}
