import type { ChartSource } from './chart.ts'
import type { ValuesTree } from './values.ts'

/** One add-on of a cluster: a chart, under the name of its release. */
export interface Addon extends ChartSource {
  readonly release: string
  /** As it was written; left out, the newest stable one is meant. */
  readonly version?: string
  /** What the add-on itself sets; text of go templates in it is replaced by placeholders. */
  readonly values: ValuesTree
  readonly namespace?: string
  /** What its file says; add-ons that are off in the file are often switched on for each cluster. */
  readonly enabled?: boolean
  /** Where it stands in its file: `addons.argocd`. */
  readonly path: string
}

/** Something that looks like an add-on and has no chart that could be had. */
export interface IncompleteAddon {
  readonly path: string
  readonly reason: string
}

export interface AddonList {
  readonly addons: readonly Addon[]
  readonly incomplete: readonly IncompleteAddon[]
}
