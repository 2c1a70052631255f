import type { ChartMetadata } from './metadata.ts'

/** A chart in memory: nothing of an archive is ever unpacked to disk to be read. */
export interface ChartFiles {
  readonly metadata: ChartMetadata
  /** By path from the chart's own root; subcharts are apart. */
  readonly files: ReadonlyMap<string, Buffer>
  readonly subcharts: readonly ChartFiles[]
}
