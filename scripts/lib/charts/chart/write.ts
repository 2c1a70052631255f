import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode, ProblemError } from '../../model/problem.ts'
import { joinInside } from '../../tools/files/name.ts'

/**
 * Writes the files of a chart into a new folder, by their paths from its root and without links. Throws when the folder
 * exists, and throws `ProblemError` for a path outside it.
 *
 * @param mode of the files, whatever the umask
 */
export async function writeChartFiles(
  root: string,
  files: ReadonlyMap<string, Buffer>,
  mode?: number,
): Promise<void> {
  await mkdir(dirname(root), { recursive: true })
  await mkdir(root)
  for (const [path, content] of files) {
    const file = joinInside(root, path)
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content, { flag: 'wx' })
    } catch (error) {
      if (!['EEXIST', 'ENOTDIR', 'EISDIR'].some((code) => hasCode(error, code))) throw error
      throw new ProblemError({
        kind: 'invalid-input',
        side: 'source',
        message: `the chart contains "${path}" twice, or a file where a folder is expected`,
        next: 'do not use this chart; contact its publisher',
      })
    }
    if (mode !== undefined) await chmod(file, mode)
  }
}
