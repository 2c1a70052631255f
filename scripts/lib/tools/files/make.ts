import { mkdir } from 'node:fs/promises'
import { resolveForWriting } from './links.ts'
import { writeProblem } from './problem.ts'

/**
 * Makes a folder and its missing parents. Returns its real path. Throws `ProblemError` for a link of another user in
 * the path, and when it cannot be made.
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
