import { type ChartVersion, isOciRepository } from './chart.ts'
import { type Reference, parseReference } from './reference.ts'
import { unwrap } from './problem.ts'

/** Keys and indices from the root of a values file to one scalar. */
export type LeafPath = readonly (string | number)[]

/** One value of a relocation: `<registry>` and `<prefix>` in it are filled in for a target (`fillPattern`). */
export interface LeafAssignment {
  readonly path: LeafPath
  readonly value: string
}

export interface ManifestChart {
  readonly name: string
  /** The version as the chart list pins it. */
  readonly version: string
  /** The version as the publisher serves it, where that differs: cert-manager `1.17.2` is published as `v1.17.2`. */
  readonly published?: string
  readonly repository: string
  readonly group: string
  /** Values that move every image of the chart into a target, in the `mirrored` layout. */
  readonly relocation: readonly LeafAssignment[]
}

export interface ManifestImage {
  /** Canonical, with a tag or a digest or both. */
  readonly reference: string
  /** Names of the charts that use it. */
  readonly charts: readonly string[]
  /** Set when the system also uses it outside its charts; without charts that goes without saying. */
  readonly direct?: boolean
  /** Why an image that no chart renders is listed. */
  readonly reason?: string
}

/** The version-locked list that everything else works from. The target registry appears nowhere in it. */
export interface Manifest {
  /** SHA-256 of the chart list that it was generated from. */
  readonly input: string
  readonly charts: readonly ManifestChart[]
  readonly images: readonly ManifestImage[]
  /** Values outside any chart, for direct images. */
  readonly relocation: readonly LeafAssignment[]
}

/** The version under which a chart is pulled, pushed and installed. */
export function publishedVersion(chart: ManifestChart): string {
  return chart.published ?? chart.version
}

export function chartVersionOf(chart: ManifestChart): ChartVersion {
  return { name: chart.name, repository: chart.repository, version: publishedVersion(chart) }
}

/** The parsed reference of an image. The manifest is validated when it is loaded, so a failure here is a bug. */
export function referenceOf(image: ManifestImage): Reference {
  return unwrap(parseReference(image.reference))
}

/** The registry host that serves a chart. */
export function chartHost({ repository }: { readonly repository: string }): string {
  return isOciRepository(repository)
    ? repository.slice('oci://'.length).replace(/\/.*$/, '')
    : new URL(repository).host
}

/** Types and freezes the literal of a generated manifest module, deeply. */
export function defineManifest(manifest: Manifest): Manifest {
  return freezeDeeply(manifest)
}

function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freezeDeeply)
    Object.freeze(value)
  }
  return value
}
