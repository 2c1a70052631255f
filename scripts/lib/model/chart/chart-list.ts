import type { ChartSource } from './chart.ts'
import type { ListedLeaf } from '../values/leaf-role.ts'
import type { RepositorySettings } from '../repository/settings.ts'
import type { ValuesTree } from '../values/values.ts'

/** An image listed by hand, because no render shows it. */
export interface ListedImage {
  /** Canonical. */
  readonly reference: string
  readonly reason: string
  /** Values that point to it, if any. */
  readonly leaves: readonly ListedLeaf[]
}

/** The user's decision about text that may be a reference. */
export interface Decision {
  /** As rendered, or canonical. */
  readonly reference: string
  readonly decision: 'mirror' | 'ignore'
  readonly reason: string
}

export interface ListedChart extends ChartSource {
  readonly version: string
  readonly published?: string
  readonly group: string
  readonly kubeVersion?: string
  readonly apiVersions: readonly string[]
  readonly namespace?: string
  /** Operating systems of the nodes, for images that exist once for each. */
  readonly nodeOs?: readonly string[]
  /** Named value sets with which the chart is rendered; `default` is always the first. */
  readonly variants: Readonly<Record<string, ValuesTree>>
  readonly runtime: readonly ListedImage[]
  readonly decisions: readonly Decision[]
}

/** The chart list that a user edits, in any of its formats. */
export interface ChartList {
  readonly charts: readonly ListedChart[]
  readonly direct: readonly ListedImage[]
  /** Settings of the repositories that images and charts are mirrored into. */
  readonly repositories?: RepositorySettings
}

export const defaultVariant = 'default'
