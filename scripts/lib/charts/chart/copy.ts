import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Budget, createBudget } from './budget.ts'
import type { Entries } from './entries.ts'
import { readRaw, unpack } from './files.ts'
import { packFiles, writeChartFiles } from './write.ts'

/** Returns the new content of a chart's file; `path` is that from the root of its archive or folder. */
export type ChangeFile = (path: string, content: Buffer) => Buffer

/** An archive that helm reads as a subchart, also in the folder of a subchart. */
const subchart = /^(?:charts\/[^/_.][^/]*\/)*charts\/[^/_.][^/]*\.(?:tgz|tar\.gz)$/

/**
 * Writes a copy of a chart with changed files, and returns its path. An archive stays an archive, and so does each one in
 * `charts/`: helm applies `.helmignore` to folders only, and moves or skips some files of folders. Throws an `Error`
 * that describes a fault in the chart.
 *
 * @param workFolder private; created if missing
 */
export async function copyChart(
  path: string,
  change: ChangeFile,
  workFolder: string,
): Promise<string> {
  await mkdir(workFolder, { recursive: true, mode: 0o700 })
  const budget = createBudget()
  const { files, isFolder } = await readRaw(path, budget)
  const changed = await changeFiles(files, change, workFolder, budget)
  const copy = join(await mkdtemp(join(workFolder, 'copy-')), 'chart')
  if (isFolder) {
    await writeChartFiles(copy, changed)
    return copy
  }
  const archive = `${copy}.tgz`
  await writeFile(archive, await packFiles('chart', changed, workFolder), { flag: 'wx' })
  return archive
}

async function changeFiles(
  files: Entries,
  change: ChangeFile,
  workFolder: string,
  budget: Budget,
): Promise<Map<string, Buffer>> {
  const changed = new Map<string, Buffer>()
  for (const [path, content] of files) {
    if (!subchart.test(path)) changed.set(path, change(path, content))
    else {
      const inside = await changeFiles(await unpack(content, budget), change, workFolder, budget)
      changed.set(path, await packFiles('chart', inside, workFolder))
    }
  }
  return changed
}
