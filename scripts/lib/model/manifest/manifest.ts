import { beforeAny } from '../text/trim.ts'
import { type ChartVersion, isOciRepository } from '../chart/chart.ts'
import type { LayoutName } from '../image/layout.ts'
import { unwrap } from '../problem.ts'
import { type Reference, parseReference } from '../image/reference.ts'
import type {
  FoundPlace,
  LayoutResult,
  LeafAssignment,
  RelocationResult,
  RuntimeImage,
} from '../chart/relocation.ts'
import type { RepositorySettings } from '../repository/settings.ts'

export interface ManifestChart {
  readonly name: string
  /** The version as the chart list pins it. */
  readonly version: string
  /** The version as published, if it differs: cert-manager `1.17.2` is published as `v1.17.2`. */
  readonly published?: string
  readonly repository: string
  readonly group: string
  /** Named value sets that it was rendered with. */
  readonly variants: readonly string[]
  /** Values that redirect every image of the chart to a target, by layout, and their proofs. */
  readonly relocation: Readonly<Partial<Record<LayoutName, LayoutResult>>>
  /** Text that may be a reference and has no decision yet. */
  readonly undecided: RelocationResult['undecided']
  /** Questions that the proofs cannot decide. */
  readonly questions: RelocationResult['questions']
  readonly dormant: RelocationResult['dormant']
  /** Hosts from which something in its output fetches, apart from images; absent if there are none. */
  readonly egress?: RelocationResult['egress']
  readonly notices: readonly string[]
}

/** Where an image was found, and by which chart. */
export interface ManifestPlace extends FoundPlace {
  readonly chart: string
}

/** Why an image is listed that a chart's program pulls at run time. */
export interface ManifestPull extends Omit<RuntimeImage, 'reference'> {
  readonly chart: string
}

export interface ManifestImage {
  /** Canonical, with a tag or a digest or both. */
  readonly reference: string
  /** Names of the charts that use it. */
  readonly charts: readonly string[]
  /** Set when the system also uses it outside its charts; implied for an image without charts. */
  readonly direct?: boolean
  /** Operators that pull it at run time, by the catalog; absent if none does. */
  readonly runtime?: readonly ManifestPull[]
  /** Why an image that no chart renders is listed. */
  readonly reason?: string
  /** Where renders show it; empty for declared images. */
  readonly found: readonly ManifestPlace[]
}

/** The umbrella chart that a manifest was made from: its own images count too. */
export interface ManifestUmbrella extends Pick<
  ManifestChart,
  'name' | 'version' | 'relocation' | 'undecided' | 'questions' | 'egress' | 'notices'
> {
  /** SHA-256 of its content. */
  readonly digest: string
}

/** The version-locked list that everything else works from. The target registry appears nowhere in it. */
export interface Manifest {
  /** SHA-256 of the chart list that it was generated from. */
  readonly input: string
  readonly charts: readonly ManifestChart[]
  readonly images: readonly ManifestImage[]
  /** Values outside any chart, for direct images, by layout. */
  readonly relocation: Readonly<Partial<Record<LayoutName, readonly LeafAssignment[]>>>
  readonly umbrella?: ManifestUmbrella
  /** The repository settings from the chart list. */
  readonly repositories?: RepositorySettings
}

/** Returns the version under which a chart is pulled, pushed and installed. */
export function publishedVersion(chart: Pick<ManifestChart, 'version' | 'published'>): string {
  return chart.published ?? chart.version
}

export function chartVersionOf(
  chart: Pick<ManifestChart, 'name' | 'repository' | 'version' | 'published'>,
): ChartVersion {
  return { name: chart.name, repository: chart.repository, version: publishedVersion(chart) }
}

/**
 * Returns the parsed reference of an image. The manifest is validated when it is loaded, so a failure here is a bug.
 */
export function referenceOf(image: Pick<ManifestImage, 'reference'>): Reference {
  return unwrap(parseReference(image.reference))
}

/** Returns the registry host that serves a chart. */
export function chartHost({ repository }: { readonly repository: string }): string {
  return isOciRepository(repository)
    ? beforeAny(repository.slice('oci://'.length), '/')
    : new URL(repository).host
}

function withoutChart({
  variants,
  class: sure,
  document,
  path,
  template,
  leaves,
}: ManifestPlace): FoundPlace {
  return { variants, class: sure, document, path, template, leaves }
}

function pullWithoutChart({
  operator,
  when,
  leaves,
  field,
  source,
}: ManifestPull): Omit<RuntimeImage, 'reference'> {
  return { operator, when, leaves, ...(field !== undefined && { field }), source }
}

/** Returns the findings for one chart, as stored in the manifest. */
export function resultOf({ images }: Manifest, chart: ManifestChart): RelocationResult {
  return {
    images: images.flatMap(({ reference, found }) => {
      const places = found.filter((place) => place.chart === chart.name)
      const bare = places.map(withoutChart)
      return bare.length === 0 ? [] : [{ reference, places: bare }]
    }),
    runtime: images.flatMap(({ reference, runtime = [] }) =>
      runtime
        .filter((pull) => pull.chart === chart.name)
        .map((pull) => ({ reference, ...pullWithoutChart(pull) })),
    ),
    undecided: chart.undecided,
    questions: chart.questions,
    dormant: chart.dormant,
    egress: chart.egress ?? [],
    layouts: chart.relocation,
    notices: chart.notices,
  }
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
