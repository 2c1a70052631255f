import { join } from 'node:path'
import { ProblemError } from '../../model/problem.ts'

/** One component of a path: no separator, nothing hidden or relative, no control character. */
const ordinary = /^[^./\\\p{C}][^/\\\p{C}]*$/u

/** The longest name that common file systems take, in bytes. */
const longest = 255

/**
 * Joins a folder with names that come from outside: stages, charts, versions. Each becomes one component, so that none
 * leads out of the folder. Throws `ProblemError` for a name that could.
 */
export function joinNames(folder: string, ...names: readonly string[]): string {
  const odd = names.find((name) => !ordinary.test(name) || Buffer.byteLength(name) > longest)
  if (odd === undefined) return join(folder, ...names)
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `"${odd}" cannot be the name of a file or folder`,
    next: 'use a name without slashes that does not begin with a dot',
  })
}
