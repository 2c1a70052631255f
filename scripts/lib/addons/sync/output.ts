import { lstat, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readFolder } from '../../charts/chart/folder.ts'
import { writeChartFiles } from '../../charts/chart/write.ts'
import { block } from '../../values/override.ts'
import { escapeComponent } from '../../model/image/escape.ts'
import { ProblemError, type Result, toResult } from '../../model/problem.ts'
import { isTree, type ValuesNode } from '../../model/values/values.ts'
import { lineOf } from '../../model/text/line.ts'
import { placeFile, replaceFile } from '../../tools/files/files.ts'
import { refuseLinks } from '../../tools/files/links.ts'
import { joinNames } from '../../tools/files/name.ts'
import { withStageIn } from '../../tools/files/stage.ts'
import { renderTemplate } from '../../tools/files/template.ts'
import type { PreparedChart } from '../prepare/prepare.ts'

/** Returns the output folder of a chart; each version has its own. */
export function folderOf(
  out: string,
  { group }: Pick<PreparedChart, 'group'>,
  all: readonly Pick<PreparedChart, 'group'>[],
): string {
  const versions = new Set(
    all.filter((other) => other.group.name === group.name).map((other) => other.group.version),
  )
  if (versions.size === 1) return joinNames(out, group.name)
  const isTwin = (other: string) =>
    other !== group.version && other.toLowerCase() === group.version.toLowerCase()
  // Some file systems ignore case.
  const name = [...versions].some(isTwin) ? escapeComponent(group.version) : group.version
  return joinNames(out, group.name, name)
}

/**
 * Writes the output of a chart: the repacked archive, its unpacked files, and the values that do the same for any copy
 * of the chart. Returns the archive's new path. Fails when the folder is not writable, and for a link below `out`.
 *
 * @param folder a folder below `out`, see `folderOf`
 */
export async function writeOutput(
  out: string,
  folder: string,
  prepared: PreparedChart,
  registry: string,
): Promise<Result<string>> {
  return toResult(writeAll(out, folder, prepared, registry), (error) => ({
    kind: 'invalid-input',
    side: 'local',
    message: `could not write to "${folder}": ${error instanceof Error ? error.message : String(error)}`,
    next: 'specify another folder with --out',
  }))
}

async function writeAll(
  out: string,
  folder: string,
  prepared: PreparedChart,
  registry: string,
): Promise<string> {
  const { group, archive, patched, beyondValues } = prepared
  const file = joinNames(folder, basename(archive.file))
  const root = joinNames(folder, group.name)
  const snippets = prepared.snippets.map((snippet) => ({
    ...snippet,
    path: joinNames(folder, snippet.file),
  }))
  await refuseLinks(out, file, root, ...snippets.map(({ path }) => path))
  await placeFile(archive.file, file)
  const { atime, mtime } = await stat(archive.file)
  await utimes(file, atime, mtime)
  await unpack(root, patched.files)
  for (const snippet of snippets) {
    const text = await renderTemplate('addon-values.yaml.hbs', {
      name: lineOf(group.name),
      version: lineOf(group.version),
      registry,
      values: block(snippet.values),
      beyond: beyondValues.map(lineOf),
    })
    await replaceFile(snippet.path, text, holdsList(snippet.values) ? 0o600 : 0o644)
  }
  return file
}

/** True for values with a list: it restates the user's own list with everything in it, including passwords. */
function holdsList(node: ValuesNode): boolean {
  return Array.isArray(node) || (isTree(node) && Object.values(node).some(holdsList))
}

/** Unpacks a chart and replaces an earlier version, whose files would otherwise mix with this one. */
async function unpack(root: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  await withStageIn(dirname(root), async (stage) => {
    const fresh = join(stage, 'chart')
    await writeChartFiles(fresh, files)
    // helm applies .helmignore to folders, but not to archives.
    const kept = await readFolder(fresh)
    const lost = [...files.keys()].find((path) => !kept.has(path))
    if (lost !== undefined) {
      throw new ProblemError({
        kind: 'invalid-input',
        side: 'source',
        message: `helm would ignore "${lost}" of ${basename(root)} in a folder, but not in the archive that was checked`,
        next: "report it to the chart's publisher: its archive contains files that its .helmignore excludes",
      })
    }
    if (await isChart(root)) await rm(root, { recursive: true })
    // Replaces an empty folder, and fails for a non-empty one.
    await rename(fresh, root)
  })
}

/** True for a chart folder, but not for a link to one. */
async function isChart(folder: string): Promise<boolean> {
  const [own, metadata] = await Promise.all(
    [folder, join(folder, 'Chart.yaml')].map((path) => lstat(path).catch(() => undefined)),
  )
  return own?.isDirectory() === true && metadata?.isFile() === true
}
