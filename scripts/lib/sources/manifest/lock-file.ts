import { dirname, join } from 'node:path'
import { compareText } from '../../model/collections.ts'
import { emptyLock, type Lock } from '../../model/manifest/lock.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { unwrap } from '../../model/problem.ts'
import { readOptionalFile } from '../text-file.ts'

/** Returns the path of the lock, next to its manifest. */
export function lockFileOf(manifestFile: string): string {
  return join(dirname(manifestFile), 'private-ecr-lock.json')
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return recordFrom(Object.entries(entries).toSorted(([a], [b]) => compareText(a, b)))
}

/** Returns a lock as sorted text. */
export function renderLock({ images, charts }: Lock): string {
  return `${JSON.stringify({ images: sorted(images), charts: sorted(charts) }, null, 2)}\n`
}

/**
 * Loads the lock next to a manifest, `private-ecr-lock.json`. It is optional: without the file, the lock is empty.
 * Throws `ProblemError` for a file that is not a lock.
 */
export async function loadLock(manifestFile: string): Promise<Lock> {
  const file = lockFileOf(manifestFile)
  const text = await readOptionalFile(file)
  if (text === undefined) return emptyLock
  // The parser is only loaded when there is something to parse.
  const { parseLock } = await import('./lock-parse.ts')
  return unwrap(parseLock({ file, text }))
}
