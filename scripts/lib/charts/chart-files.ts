import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'
import { failure, ProblemError, type Result, success } from '../model/problem.ts'
import { type ChartMetadata, parseMetadata } from './chart-metadata.ts'
import { readFolder } from './local/folder.ts'

/** A chart in memory: nothing of an archive is ever unpacked to disk to be read. */
export interface ChartFiles {
  readonly metadata: ChartMetadata
  /** By path from the chart's own root; subcharts are apart. */
  readonly files: ReadonlyMap<string, Buffer>
  readonly subcharts: readonly ChartFiles[]
}

// helm refuses charts whose parts are larger than this in all (100 MiB) or one by one (5 MiB each, files of `crds`
// included); the margin is for archives that only grow when unpacked. Source: helm pkg/chart/loader.
const maximumBytes = 100 * 1024 * 1024
const maximumFiles = 20_000
/** Charts within charts; more is a loop or an attack. */
const maximumDepth = 12

/** Reads a chart from an archive or a folder. Fails with what is wrong with it, never with half a chart. */
export async function readChart(path: string): Promise<Result<ChartFiles>> {
  try {
    const info = await stat(path)
    if (!info.isDirectory() && !info.isFile()) throw new Error('it is neither a file nor a folder')
    const files = info.isDirectory()
      ? await readFolder(path)
      : await readArchiveFiles(await readFile(path), basename(path))
    return success(await assemble(files, basename(path)))
  } catch (error) {
    if (error instanceof ProblemError && error.problems[0]) return failure(error.problems[0])
    return notAChart(basename(path), error instanceof Error ? error.message : String(error))
  }
}

function notAChart(name: string, why: string): Result<never> {
  return failure({
    kind: 'invalid-input',
    side: 'input',
    message: `"${name}" is not a chart: ${why}`,
    next: 'name a chart folder with a Chart.yaml, or an archive that "helm package" made',
  })
}

/** The files of an archive without its one root folder. Refuses what leaves that folder, and what is too much. */
async function readArchiveFiles(archive: Buffer, name: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let bytes = 0
  let refusal: Error | undefined
  const refuse = (why: string) => {
    refusal ??= new Error(why)
  }
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry: ReadEntry) => {
      if (escapes(entry.path) || (entry.linkpath && escapes(entry.linkpath))) {
        refuse(`its entry "${entry.path}" leads out of the chart's folder`)
      }
      const path = entry.path.replace(/^(?:\.\/)?[^/]+\//, '')
      // helm takes every other entry for a file: one that is a link is an empty file to it.
      const isFile = entry.type !== 'Directory' && entry.type !== 'GNUDumpDir'
      const chunks: Buffer[] = []
      entry.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maximumBytes) refuse(tooLarge)
        else chunks.push(chunk)
      })
      entry.on('end', () => {
        if (!isFile || path === '' || refusal !== undefined) return
        if (files.size >= maximumFiles) refuse(tooLarge)
        files.set(path, Buffer.concat(chunks))
      })
    },
  })
  async function* pieces() {
    for (let start = 0; start < archive.length; start += 65_536) {
      // A bomb is put down at the first bytes over the limit, not after it has gone off.
      if (refusal !== undefined) throw refusal
      yield archive.subarray(start, start + 65_536)
    }
  }
  await pipeline(Readable.from(pieces()), parser)
  if (refusal !== undefined) throw refusal
  if (files.size === 0) throw new Error(`"${name}" has no files in it`)
  return files
}

const tooLarge = 'it unpacks to more than helm would take (100 MiB or 20,000 files)'

function escapes(path: string): boolean {
  return path.startsWith('/') || /^[a-zA-Z]:/.test(path) || path.split(/[/\\]/).includes('..')
}

/** Takes the subcharts out of `charts/`, folders and archives alike, and reads each chart's own Chart.yaml. */
async function assemble(
  all: ReadonlyMap<string, Buffer>,
  name: string,
  depth = 0,
): Promise<ChartFiles> {
  if (depth > maximumDepth) throw new Error(`it has charts within charts, ${depth} deep`)
  const own = new Map<string, Buffer>()
  const nested = new Map<string, Map<string, Buffer>>()
  for (const [path, content] of all) {
    const [, child, rest] = /^charts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
    // helm skips what begins with an underscore or a dot there.
    if (child === undefined || /^[_.]/.test(child)) own.set(path, content)
    else if (rest !== undefined) {
      const files = nested.get(child) ?? new Map<string, Buffer>()
      nested.set(child, files.set(rest, content))
    } else if (/\.(?:tgz|tar\.gz)$/.test(child)) {
      nested.set(child, await readArchiveFiles(content, child))
    } else own.set(path, content)
  }
  const metadata = parseMetadata(own.get('Chart.yaml')?.toString('utf8'), name)
  const subcharts = []
  for (const [child, files] of [...nested].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    // A folder in `charts/` that has no Chart.yaml is an error to helm as well.
    subcharts.push(await assemble(files, child, depth + 1))
  }
  return { metadata, files: own, subcharts }
}

/** Every chart of a tree, the root first, with the folder in which it lies (`''`, `charts/a/`, `charts/a/charts/b/`). */
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
 * SHA-256 over all paths and contents of a chart: the same for a folder and for any archive of it, whatever tar and
 * gzip made of times and order.
 */
export function hashChart(chart: ChartFiles): string {
  const hash = createHash('sha256')
  for (const { chart: each, folder } of walkCharts(chart)) {
    for (const [path, content] of [...each.files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      // Locks carry the time of their making.
      if (path === 'Chart.lock' || path === 'requirements.lock') continue
      hash.update(`${folder}${path}\0${content.length}\0`).update(content)
    }
  }
  return `sha256:${hash.digest('hex')}`
}
