import { mkdir } from 'node:fs/promises'
import { resolveForWriting } from './links.ts'
import { writeProblem } from './problem.ts'

/**
 * Makes a folder and those on the way to it, unless they are there. Returns its real path. Throws `ProblemError` for a link
 * of another user on the way, and when it cannot be made.
 */
export async function makeFolders(folder: string, mode: number): Promise<string> {
  try {
    const path = await resolveForWriting(folder)
    await mkdir(path, { recursive: true, mode })
    return path
  } catch (error) {
    throw writeProblem(folder, error)
  }
}
