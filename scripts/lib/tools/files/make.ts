import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '../../model/problem.ts'
import { resolveForWriting } from './links.ts'
import { writeProblem } from './problem.ts'

/**
 * Makes a folder and its missing parents. Returns its real path. Throws `ProblemError` for a link of another user in
 * the path, and when it cannot be made.
 */
export async function makeFolders(folder: string, mode: number): Promise<string> {
  try {
    const path = await resolveForWriting(folder)
    await makeEach(path, mode)
    return path
  } catch (error) {
    throw writeProblem(folder, error)
  }
}

/**
 * Makes a folder and its missing parents. Node's own `recursive` never ends where a parent exists but takes no folders,
 * as in /proc (seen with Node.js 24.9: it goes from ENOENT to EEXIST and back).
 */
export async function makeEach(path: string, mode: number): Promise<void> {
  try {
    return await mkdir(path, { mode })
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      if ((await stat(path)).isDirectory()) return
      throw notAFolder(path, error)
    }
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error
  }
  await makeEach(dirname(path), mode)
  try {
    await mkdir(path, { mode })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

/** Returns the error of the system for a file in the place of a folder. */
function notAFolder(path: string, cause: unknown): Error {
  const words = `ENOTDIR: not a directory, mkdir '${path}'`
  return Object.assign(new Error(words, { cause }), { code: 'ENOTDIR', syscall: 'mkdir', path })
}
