import type { ChartMetadata } from './metadata.ts'

/** A chart in memory. Archives are never unpacked to disk to be read. */
export interface ChartFiles {
  readonly metadata: ChartMetadata
  /** By path from the chart's own root, without subcharts. */
  readonly files: ReadonlyMap<string, Buffer>
  readonly subcharts: readonly ChartFiles[]
}
