import { relative } from 'node:path'
import type { Context } from '../cli/main.ts'
import { diffManifests, type ManifestChange } from '../model/manifest-diff.ts'
import { ProblemError } from '../model/problem.ts'
import { findStale, generateFiles, readPreviousManifest, writeGenerated } from './generated.ts'

/**
 * Writes what `charts.yaml` generates and says what changed, or with `check` fails for each file that is out of date.
 */
export async function regenerate(
  { check }: { readonly check?: boolean },
  { stdout, stderr }: Context,
): Promise<void> {
  const { manifest, files } = await generateFiles()
  const stale = await findStale(files)
  if (check) {
    if (stale.length === 0) return stderr('generated files are up to date\n')
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
  for (const { file } of stale) stderr(`wrote ${relative(process.cwd(), file)}\n`)
  if (stale.length === 0) stderr('nothing to write: generated files are up to date\n')
}

const marks: Readonly<Record<ManifestChange['kind'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
}

function renderChanges(changes: readonly ManifestChange[]): string {
  return changes.map(({ kind, subject, text }) => `${marks[kind]} ${subject} ${text}\n`).join('')
}
