import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChartVersion } from '../model/chart.ts'
import { inOrigin, type Origin } from '../model/origin.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { classifyRun } from '../tools/failures.ts'
import { pullCommand } from '../tools/helm.ts'
import type { Run, RunOptions } from '../tools/exec.ts'
import { type ChartArchive, readArchive } from './archive.ts'
import type { IndexEntry } from './index-file.ts'

/** A chart archive on disk, checked. */
export interface PulledChart extends ChartArchive {
  readonly file: string
}

/** helm writes the archive's time into the manifest it pushes; a fixed one gives one chart one digest for ever. */
const fixedTime = new Date('2000-01-01T00:00:00Z')

/**
 * Pulls one archive (and its provenance) into an empty folder, and checks what helm does not: the index's digest,
 * and that name and version are what was asked for.
 */
export async function pullChart(
  { run, helm }: { readonly run: Run; readonly helm: string },
  chart: ChartVersion,
  entry: IndexEntry,
  folder: string,
  { origin, ...options }: RunOptions & { readonly origin: Origin },
): Promise<Result<PulledChart>> {
  const pulled = await run(pullCommand(helm, entry.url, folder), options)
  if (!pulled.ok) return failure(classifyRun(pulled, { sourceHost: new URL(entry.url).host }))
  const files = await readdir(folder)
  const [archive, ...others] = files.filter((name) => !name.endsWith('.prov'))
  if (archive === undefined || others.length > 0) {
    return failure({
      kind: 'unknown',
      side: 'local',
      message: `helm pull of "${entry.url}" left ${files.length} files instead of one archive`,
    })
  }
  const file = join(folder, archive)
  for (const name of files) await utimes(join(folder, name), fixedTime, fixedTime)
  const read = await readArchive(file)
  if (!read.ok) return read
  return checkArchive(chart, entry, { ...read.value, file }, origin)
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
      message: `"${entry.url}" has SHA-256 ${pulled.sha256}, but the repository's index says ${entry.sha256}`,
      next: 'do not use this archive; ask its publisher, or try again later',
    })
  }
  if (pulled.name !== chart.name || pulled.version !== chart.version) {
    return failure({
      kind: 'differs',
      side: 'source',
      message: `"${entry.url}" calls itself ${pulled.name} ${pulled.version} in its Chart.yaml, not ${chart.name} ${chart.version}`,
      next: `set the chart's name and published version ${inOrigin(origin)} to what its Chart.yaml says`,
    })
  }
  return success(pulled)
}
