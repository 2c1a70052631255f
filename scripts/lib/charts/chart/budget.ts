const mebibyte = 1024 * 1024

/**
 * Limits of one chart in total: the archive or folder itself and every archive in its `charts/`, at any depth.
 *
 * helm rejects an archive that unpacks to more than 100 MiB and a file of more than 5 MiB (pkg/chart/loader/archive;
 * seen with helm 4.2.4). It counts each nested archive separately, so a few kilobytes may unpack to any size; here all
 * of them share one count. The other limits are our own. They leave honest charts a wide margin: the largest public
 * ones have some 1,000 files, 60 charts and 4 levels.
 */
export const limits = {
  /** More than helm's 100 MiB, because helm counts contents only and headers count here as well. */
  bytes: 128 * mebibyte,
  /** Of one file in an archive. */
  fileBytes: 5 * mebibyte,
  /** Compressed bytes that are read. No real archive is larger than what it unpacks to. */
  packedBytes: 128 * mebibyte,
  /** Of all Chart.yaml and requirements.yaml, which are parsed when a chart is opened. Real ones have a few kilobytes. */
  metadataBytes: 8 * mebibyte,
  /** Files, folders and links. */
  entries: 20_000,
  charts: 1_000,
  /** Charts within charts. */
  depth: 12,
  /** Of one path, and of one header that is longer than tar's own: the names of charts are short. */
  pathLength: 1_024,
  headerBytes: 64 * 1024,
} as const

/** Counts what is read. Each method throws an `Error` that names the exceeded limit. */
export interface Budget {
  readonly addBytes: (count: number) => void
  readonly addPacked: (count: number) => void
  readonly addMetadata: (count: number) => void
  readonly addEntry: (path: string) => void
  readonly addChart: (depth: number) => void
}

type Counted = 'bytes' | 'packedBytes' | 'metadataBytes' | 'entries' | 'charts'

export function createBudget(): Budget {
  const { bytes, packedBytes, metadataBytes, entries, charts } = limits
  const left: Record<Counted, number> = { bytes, packedBytes, metadataBytes, entries, charts }
  const take = (what: Counted, count: number) => {
    left[what] -= count
    if (left[what] < 0) throw new Error(tooMuch[what])
  }
  return {
    addBytes: (count) => take('bytes', count),
    addPacked: (count) => take('packedBytes', count),
    addMetadata: (count) => take('metadataBytes', count),
    addEntry: (path) => {
      take('entries', 1)
      // helm prints template names verbatim, so a line break in one would be read as part of the render.
      if (/[\p{Cc}\u2028\u2029]/u.test(path)) {
        throw new Error(`a file name in it contains a control character: ${JSON.stringify(path)}`)
      }
      if (path.length > limits.pathLength) {
        throw new Error(`it has a path of ${path.length} characters (limit: ${limits.pathLength})`)
      }
    },
    addChart: (depth) => {
      take('charts', 1)
      if (depth > limits.depth) {
        throw new Error(`its subcharts are nested more than ${limits.depth} levels deep`)
      }
    },
  }
}

const tooMuch: Readonly<Record<Counted, string>> = {
  bytes: `it unpacks to more than ${limits.bytes / mebibyte} MiB, including its subcharts`,
  packedBytes: `it is larger than ${limits.packedBytes / mebibyte} MiB`,
  metadataBytes: `its Chart.yaml and those of its subcharts are larger than ${limits.metadataBytes / mebibyte} MiB`,
  entries: `it has more than ${limits.entries.toLocaleString('en')} files, including its subcharts`,
  charts: `it contains more than ${limits.charts.toLocaleString('en')} charts`,
}
