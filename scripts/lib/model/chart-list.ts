import type { ChartSource } from './chart.ts'
import type { LeafPath } from './manifest.ts'

/** What a values leaf spells of the image that it feeds. */
export const leafRoles = [
  'reference',
  'repository',
  'registry',
  'path',
  'source',
  'parent',
  'tag',
] as const
export type LeafRole = (typeof leafRoles)[number]

export interface ListedLeaf {
  readonly path: LeafPath
  readonly role: LeafRole
}

export interface ListedImage {
  /** Canonical. */
  readonly reference: string
  readonly reason?: string
  readonly leaves: readonly ListedLeaf[]
}

export interface ListedChart extends ChartSource {
  readonly version: string
  readonly published?: string
  readonly group: string
  readonly images: readonly ListedImage[]
}

/** The input that a person edits, whichever of its spellings it was written in. */
export interface ChartList {
  readonly charts: readonly ListedChart[]
  readonly direct: readonly ListedImage[]
}
