import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { hasCode, ProblemError } from '../../model/problem.ts'
import { joinInside, joinNames } from '../../tools/files/name.ts'
import { withStageIn } from '../../tools/files/stage.ts'
import { storeGzip } from '../../tools/files/stored-gzip.ts'

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

/** Every file in an archive has this time, so that the same chart always gives the same archive. */
export const fixedTime = new Date('2000-01-01T00:00:00Z')

/**
 * Packs the files of a chart, in their order, into an archive below a folder with a name. The bytes depend on the files
 * only: helm's own packaging changes the order of subcharts, and compression depends on the machine.
 *
 * @param workFolder private; used while the archive is made
 */
export function packFiles(
  name: string,
  files: ReadonlyMap<string, Buffer>,
  workFolder: string,
): Promise<Buffer> {
  return withStageIn(workFolder, async (stage) => {
    // The archive stores the file mode.
    await writeChartFiles(joinNames(stage, name), files, 0o644)
    const packed = join(stage, '.tar')
    const entries = [...files.keys()].map((path) => `${name}/${path}`)
    await create({ file: packed, cwd: stage, portable: true, mtime: fixedTime }, entries)
    return storeGzip(await readFile(packed))
  })
}
