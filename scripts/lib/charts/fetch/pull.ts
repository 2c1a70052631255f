import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChartVersion } from '../../model/chart/chart.ts'
import { inOrigin, type Origin } from '../../model/origin.ts'
import { failure, type ProblemKind, type Result, success } from '../../model/problem.ts'
import type { Http, HttpOptions } from '../../tools/http/types.ts'
import { type ChartArchive, readArchive } from '../chart/archive.ts'
import type { IndexEntry } from './index-file.ts'

/** A verified chart archive on disk. */
export interface PulledChart extends ChartArchive {
  readonly file: string
}

/**
 * helm writes the archive's time into the manifest it pushes; a fixed time gives a chart the same digest every time.
 */
const fixedTime = new Date('2000-01-01T00:00:00Z')

/** helm rejects charts that are larger when unpacked. Source: helm pkg/chart/loader. */
const largestArchive = 100 * 1024 * 1024
const largestProvenance = 1024 * 1024

/** Failures that mean there is no provenance file: object stores without listing answer 403, some others 400. */
const absent: ReadonlySet<ProblemKind> = new Set([
  'not-found',
  'access-denied',
  'unauthorized',
  'unknown',
])

/**
 * Downloads one archive (and its provenance) into an empty folder. Checks what helm does not: the URL in the index, the
 * digest, and that the name and version match the request.
 */
export async function pullChart(
  http: Http,
  chart: ChartVersion,
  entry: IndexEntry,
  folder: string,
  {
    signal,
    deadline,
    origin,
  }: Pick<HttpOptions, 'signal' | 'deadline'> & { readonly origin: Origin },
): Promise<Result<PulledChart>> {
  const options = {
    namedBy: `${chart.repository}/`,
    ...(signal !== undefined && { signal }),
    ...(deadline !== undefined && { deadline }),
  }
  const file = join(folder, `${chart.name}-${chart.version}.tgz`)
  const archive = await http.download(entry.url, file, { ...options, maximumBytes: largestArchive })
  if (!archive.ok) return archive
  const provenance = await http.download(provenanceOf(entry.url), `${file}.prov`, {
    ...options,
    maximumBytes: largestProvenance,
  })
  if (!provenance.ok && !absent.has(provenance.problem.kind)) return provenance
  for (const one of provenance.ok ? [file, `${file}.prov`] : [file]) {
    await utimes(one, fixedTime, fixedTime)
  }
  const read = await readArchive(file)
  if (!read.ok) return read
  return checkArchive(chart, entry, { ...read.value, file }, origin)
}

/** Returns the URL where helm looks for the provenance of an archive. */
function provenanceOf(url: string): string {
  const provenance = new URL(url)
  provenance.pathname += '.prov'
  return provenance.href
}

function checkArchive(
  chart: ChartVersion,
  entry: IndexEntry,
  pulled: PulledChart,
  origin: Origin,
): Result<PulledChart> {
  if (entry.sha256 !== undefined && entry.sha256 !== pulled.sha256) {
    return failure({
      kind: 'checksum-mismatch',
      side: 'source',
      message: `"${entry.url}" has SHA-256 ${pulled.sha256}, but the repository's index lists ${entry.sha256}`,
      next: 'do not use this archive; contact its publisher, or try again later',
    })
  }
  if (pulled.name !== chart.name || pulled.version !== chart.version) {
    return failure({
      kind: 'differs',
      side: 'source',
      message: `"${entry.url}" is ${pulled.name} ${pulled.version} according to its Chart.yaml, not ${chart.name} ${chart.version}`,
      next: `set the chart's name and published version ${inOrigin(origin)} to the ones in its Chart.yaml`,
    })
  }
  return success(pulled)
}
