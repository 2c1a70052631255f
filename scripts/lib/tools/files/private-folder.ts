import { chmod, stat } from 'node:fs/promises'
import { ProblemError } from '../../model/problem.ts'
import { makeFolders } from './make.ts'

/**
 * Makes a folder that only its owner can enter, regardless of the umask, and tightens the mode of an existing one.
 * Returns its real path. Throws `ProblemError` when it belongs to another user, or is not a folder.
 */
export async function makePrivateFolder(folder: string): Promise<string> {
  const path = await makeFolders(folder, 0o700)
  const info = await stat(path)
  const own = process.getuid?.()
  if (own !== undefined && info.uid !== own) {
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'local',
      message: `"${folder}" belongs to another user`,
      next: 'remove it, or choose another folder',
    })
  }
  if ((info.mode & 0o077) !== 0) await chmod(path, 0o700)
  return path
}
