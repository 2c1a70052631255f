import type { ChartSource } from './chart.ts'
import type { LeafPath } from '../values/leaf-path.ts'
import type { ValuesTree } from '../values/values.ts'

/** A position in a file that the user edits, counted from 1. */
export interface FilePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A value of an add-on that is a Go template: only the cluster's controller knows its result. */
export interface TemplatedLeaf {
  readonly path: LeafPath
  /** As written, on one line and shortened. */
  readonly template: string
  readonly place: FilePlace
}

/**
 * Values that an add-on is installed with but that are not in its file. `value-files`: files in another repository.
 * `template`: a template that prints values on its own lines.
 */
export interface UnreadValues {
  readonly kind: 'value-files' | 'template'
  readonly names: readonly string[]
  readonly place: FilePlace
}

/** One add-on of a cluster: a chart, under the name of its release. */
export interface Addon extends ChartSource {
  readonly release: string
  /** As written; if omitted, the newest stable one. */
  readonly version?: string
  /** The add-on's own values without its templated leaves, which are left at the chart's defaults. */
  readonly values: ValuesTree
  /** The same with the text of its templates; present only if there are any. */
  readonly written?: ValuesTree
  readonly templated?: readonly TemplatedLeaf[]
  readonly unread?: readonly UnreadValues[]
  readonly namespace?: string
  /** The setting in its file; add-ons that are disabled there are often enabled per cluster. */
  readonly enabled?: boolean
  /** The file as the user named it. */
  readonly file: string
  /** Its path in the file: `addons.argocd`. */
  readonly path: string
  readonly line?: number
}

/** Something that looks like an add-on but has no usable chart. */
export interface IncompleteAddon {
  readonly path: string
  readonly reason: string
}

export interface AddonList {
  readonly addons: readonly Addon[]
  readonly incomplete: readonly IncompleteAddon[]
}

/** Returns where an add-on is defined, for advice: `addons.argocd in values.yaml:12`. */
export function placeOfAddon({ file, path, line }: Pick<Addon, 'file' | 'path' | 'line'>): string {
  return `${path} in ${file}${line === undefined ? '' : `:${line}`}`
}

export function formatFilePlace({ file, line, column }: FilePlace): string {
  return `${file}:${line}:${column}`
}
