import { dirname, join } from 'node:path'
import { compareText } from '../../model/collections.ts'
import { emptyLock, type Lock } from '../../model/manifest/lock.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { unwrap } from '../../model/problem.ts'
import { readOptionalFile } from '../text-file.ts'

/** The lock's place: beside its manifest. */
export function lockFileOf(manifestFile: string): string {
  return join(dirname(manifestFile), 'private-ecr-lock.json')
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return recordFrom(Object.entries(entries).toSorted(([a], [b]) => compareText(a, b)))
}

/** A lock as text, sorted. */
export function renderLock({ images, charts }: Lock): string {
  return `${JSON.stringify({ images: sorted(images), charts: sorted(charts) }, null, 2)}\n`
}

/**
 * Loads the lock that lies beside a manifest, `private-ecr-lock.json`. It is optional: without the file the lock is
 * empty, and what reads it does without. Throws `ProblemError` for a file that is no lock.
 */
export async function loadLock(manifestFile: string): Promise<Lock> {
  const file = lockFileOf(manifestFile)
  const text = await readOptionalFile(file)
  if (text === undefined) return emptyLock
  // The checker is only loaded when there is something to check.
  const { parseLock } = await import('./lock-parse.ts')
  return unwrap(parseLock({ file, text }))
}
