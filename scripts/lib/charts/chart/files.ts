import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Problem, type Result, toResult, success } from '../../model/problem.ts'
import { compareText, groupBy } from '../../model/collections.ts'
import { isTree } from '../../model/values/values.ts'
import { type Budget, createBudget, limits } from './budget.ts'
import { type Entries, readEntries } from './entries.ts'
import { foldKey, loadYaml, parseMetadata } from './metadata.ts'
import { readFolder } from './folder.ts'
import { findTwins } from './twins.ts'
import type { ChartFiles } from './chart.ts'

/** Reads a chart from an archive or a folder. Fails with a description of the fault; never returns a partial chart. */
export async function readChart(path: string): Promise<Result<ChartFiles>> {
  const read = await readWhole(path)
  return read.ok ? success(read.value.chart) : read
}

/** A chart as it was read. */
export interface WholeChart {
  readonly chart: ChartFiles
  /** All files of a folder, by path from it; undefined for an archive. */
  readonly folder: Entries | undefined
}

/**
 * Reads a chart like `readChart`, and also returns the files of a folder as they were read, because a second read might
 * find others.
 */
export async function readWhole(path: string): Promise<Result<WholeChart>> {
  return toResult(readOrThrow(path), (error) =>
    notAChart(basename(path), error instanceof Error ? error.message : String(error)),
  )
}

async function readOrThrow(path: string): Promise<WholeChart> {
  const budget = createBudget()
  const { files, isFolder } = await readRaw(path, budget)
  const folder = isFolder ? files : undefined
  const chart = await assemble(files, basename(path), budget)
  if (countScopes(chart, limits.charts) > limits.charts) {
    throw new Error(`its subcharts and their aliases add up to more than ${limits.charts} charts`)
  }
  return { chart, folder }
}

/** Reads the files of a chart as they are, with archives in `charts/` packed. Throws an `Error` that describes a fault. */
export async function readRaw(
  path: string,
  budget: Budget,
): Promise<{ readonly files: Entries; readonly isFolder: boolean }> {
  const info = await stat(path)
  const isFolder = info.isDirectory()
  const files = isFolder
    ? await readFolder(path, budget)
    : await readArchiveFile(path, info, budget)
  return { files, isFolder }
}

/**
 * How often the charts of a tree are rendered: a subchart once for each alias, and its own subcharts as often again. A
 * few kilobytes of nested aliases can mean billions. Stops counting beyond the maximum.
 */
function countScopes(chart: ChartFiles, maximum: number): number {
  const { dependencies } = chart.metadata
  if (dependencies.length > maximum) return dependencies.length
  const byName = groupBy(dependencies, ({ name }) => name)
  let count = 1
  for (const sub of chart.subcharts) {
    const declared = byName.get(sub.metadata.name) ?? []
    const aliases = new Set(declared.map(({ alias, name }) => alias ?? name))
    count += Math.max(1, aliases.size) * countScopes(sub, maximum)
    if (count > maximum) return count
  }
  return count
}

function notAChart(name: string, why: string): Problem {
  return {
    kind: 'invalid-input',
    side: 'input',
    message: `"${name}" is not a chart: ${why}`,
    next: 'specify a chart folder with a Chart.yaml, or an archive created by "helm package"',
  }
}

/** Reads the files of an archive on disk while it is unpacked. */
async function readArchiveFile(path: string, info: Stats, budget: Budget): Promise<Entries> {
  if (!info.isFile()) throw new Error('it is neither a folder nor a file')
  return withFiles(await readEntries(createReadStream(path), budget))
}

function withFiles(files: Entries): Entries {
  if (files.size === 0) throw new Error('it contains no files')
  return files
}

/** Reads the files of an archive in memory. */
export async function unpack(archive: Buffer, budget: Budget): Promise<Entries> {
  return withFiles(await readEntries(piecesOf(archive), budget))
}

/** Yields bytes from memory in chunks, so that other work can run in between. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += 65_536) {
    yield bytes.subarray(start, start + 65_536)
  }
}

/** Separates the subcharts in `charts/`, both folders and archives, and reads the Chart.yaml of each chart. */
async function assemble(
  all: Entries,
  name: string,
  budget: Budget,
  depth = 0,
): Promise<ChartFiles> {
  budget.addChart(depth)
  const own = new Map<string, Buffer>()
  const nested = new Map<string, Map<string, Buffer>>()
  const packed = new Map<string, Buffer>()
  for (const [path, content] of all) {
    const [, child, rest] = /^charts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
    // helm skips names that start with an underscore or a dot there.
    if (child === undefined || /^[_.]/.test(child)) own.set(path, content)
    else if (rest !== undefined) {
      const files = nested.get(child) ?? new Map<string, Buffer>()
      nested.set(child, files.set(rest, content))
    } else if (/\.(?:tgz|tar\.gz)$/.test(child)) {
      packed.set(child, content)
    } else own.set(path, content)
  }
  const textOf = (path: string) => {
    const content = own.get(path)
    budget.addMetadata(content?.length ?? 0)
    return content?.toString('utf8')
  }
  // Ctrl-C is noticed between two charts.
  await nextTurn()
  const metadata = parseMetadata(textOf('Chart.yaml'), name, textOf('requirements.yaml'))
  const subcharts = []
  for (const child of [...new Set([...nested.keys(), ...packed.keys()])].toSorted(compareText)) {
    const archive = packed.get(child)
    // Unpacked one at a time, so that nothing is unpacked once the budget is exceeded.
    const files = archive && (await unpack(archive, budget))
    // helm also rejects a folder in `charts/` without a Chart.yaml.
    const sub = await assemble(files ?? nested.get(child) ?? new Map(), child, budget, depth + 1)
    refuseAmbiguous(sub, child)
    subcharts.push(sub)
  }
  const twins = findTwins(metadata.dependencies, subcharts, (a, b) => hashChart(a) === hashChart(b))
  if (twins !== undefined) {
    throw new Error(`two of its subcharts are named "${twins}", and helm picks one at random`)
  }
  return { metadata, files: own, subcharts }
}

/**
 * helm reads these only in an archive, but in a folder of `charts/` it skips them or gives them to the chart above. Such
 * charts would have one hash in both forms, but different renders.
 */
function refuseAmbiguous({ metadata: { name }, files }: ChartFiles, child: string): void {
  if (/^[_.]/.test(name)) {
    throw new Error(
      `its subchart "${child}" is named "${name}", which helm skips when the subchart is a folder`,
    )
  }
  for (const path of files.keys()) {
    if (!path.endsWith('.prov')) continue
    throw new Error(
      `its subchart "${child}" contains "${path}", which helm reads differently when the subchart is a folder`,
    )
  }
}

/** Yields every chart of a tree, the root first, with its folder (`''`, `charts/a/`, `charts/a/charts/b/`). */
export function* walkCharts(
  chart: ChartFiles,
  folder = '',
): Generator<{ readonly chart: ChartFiles; readonly folder: string }> {
  yield { chart, folder }
  for (const sub of chart.subcharts) {
    yield* walkCharts(sub, `${folder}charts/${sub.metadata.name}/`)
  }
}

/**
 * True when a chart is not clearly in the new format, so that helm treats it as the old one. Go reads keys
 * case-insensitively, and the last one wins.
 */
function isOldFormat({ files }: ChartFiles): boolean {
  const root = loadYaml(files.get('Chart.yaml')?.toString('utf8') ?? '', 'Chart.yaml')
  const formats = Object.entries(isTree(root) ? root : {}).filter(
    ([key]) => foldKey(key) === 'apiversion',
  )
  return formats.length === 0 || formats.some(([, format]) => format !== 'v2')
}

/**
 * Returns the SHA-256 over all paths and contents of a chart. It is the same for a folder and for any archive of it,
 * regardless of timestamps and order in tar and gzip.
 */
export function hashChart(chart: ChartFiles): string {
  const hash = createHash('sha256')
  for (const { chart: each, folder } of walkCharts(chart)) {
    const isOld = isOldFormat(each)
    for (const [path, content] of [...each.files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      // Locks contain their creation time. Templates of the old format can read them.
      if (!isOld && (path === 'Chart.lock' || path === 'requirements.lock')) continue
      hash.update(`${folder}${path}\0${content.length}\0`).update(content)
    }
  }
  return `sha256:${hash.digest('hex')}`
}
