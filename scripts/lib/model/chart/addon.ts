import type { ChartSource } from './chart.ts'
import type { LeafPath } from '../values/leaf-path.ts'
import type { ValuesTree } from '../values/values.ts'

/** A place in a file that a person edits, counted from 1. */
export interface FilePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A value of an add-on that is a go template: only the cluster's controller knows what it comes to. */
export interface TemplatedLeaf {
  readonly path: LeafPath
  /** As it is written, on one line and cut. */
  readonly template: string
  readonly place: FilePlace
}

/**
 * What an add-on is installed with and its file does not say. `value-files`: files in a repository that is not here.
 * `template`: a template that prints values in lines of its own.
 */
export interface UnreadValues {
  readonly kind: 'value-files' | 'template'
  readonly names: readonly string[]
  readonly place: FilePlace
}

/** One add-on of a cluster: a chart, under the name of its release. */
export interface Addon extends ChartSource {
  readonly release: string
  /** As it was written; left out, the newest stable one is meant. */
  readonly version?: string
  /** What the add-on itself sets, without its templated leaves: those are left to the chart's defaults. */
  readonly values: ValuesTree
  /** The same with the text of its templates; given where there are any. */
  readonly written?: ValuesTree
  readonly templated?: readonly TemplatedLeaf[]
  readonly unread?: readonly UnreadValues[]
  readonly namespace?: string
  /** What its file says; add-ons that are off in the file are often switched on for each cluster. */
  readonly enabled?: boolean
  /** The file as the user named it. */
  readonly file: string
  /** Where it stands in its file: `addons.argocd`. */
  readonly path: string
  readonly line?: number
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

/** Where an add-on is written, for advice: `addons.argocd in values.yaml:12`. */
export function placeOfAddon({ file, path, line }: Pick<Addon, 'file' | 'path' | 'line'>): string {
  return `${path} in ${file}${line === undefined ? '' : `:${line}`}`
}

export function formatFilePlace({ file, line, column }: FilePlace): string {
  return `${file}:${line}:${column}`
}
