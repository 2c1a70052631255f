import type { LayoutName } from '../image/layout.ts'
import type { LeafPath } from '../values/leaf-path.ts'
import type { ValuesNode } from '../values/values.ts'
import type { Egress } from './egress.ts'
import type { OutputPlace } from './place.ts'
import type { OpenQuestion } from './question.ts'

/** One value of a relocation: `<registry>` and `<prefix>` in it are filled in for a target (`fillPattern`). */
export interface LeafAssignment {
  readonly path: LeafPath
  /** A string, or the whole list that contains the leaf: helm replaces lists as a whole. */
  readonly value: ValuesNode
}

/**
 * How certain it is that a reference will be pulled. `certain`: a field that the kubelet or an operator pulls from.
 * `embedded`: a complete reference inside arguments, environment or text. `potential`: may be one; the user decides.
 */
export const referenceClasses = ['certain', 'embedded', 'potential'] as const
export type ReferenceClass = (typeof referenceClasses)[number]

/** Where a reference is in the output of a chart, and which values leaves contribute to it. */
export interface FoundPlace extends OutputPlace {
  readonly variants: readonly string[]
  readonly class: ReferenceClass
  readonly leaves: readonly string[]
}

/**
 * Suffixes of a variant's name when it was rendered in another way: as an upgrade of a release, or for a cluster without
 * APIs that helm assumes. These are listed separately if they show references that the plain render does not.
 */
export const renderMarks = { upgrade: '/upgrade', current: '/current-apis' } as const

/** Returns the variant as the chart list names it, however it was rendered. */
export function variantName(variant: string): string {
  const mark = Object.values(renderMarks).find((one) => variant.endsWith(one))
  return mark === undefined ? variant : variant.slice(0, -mark.length)
}

export interface FoundImage {
  /** Canonical, with a tag or a digest. */
  readonly reference: string
  readonly places: readonly FoundPlace[]
}

/**
 * Why a reference is not redirected. `unreachable`: no leaf contributes to it. `conflict`: other references need
 * different values for its leaves. `unmoved`: it is not at its destination in the render with the chosen values.
 */
export type UnreachedCause = 'unreachable' | 'conflict' | 'unmoved'

export interface Unreached extends Omit<FoundPlace, 'variants' | 'class'> {
  readonly reference: string
  readonly variant: string
  readonly cause: UnreachedCause
}

export const proofResults = ['proven', 'unproven', 'empty', 'failed'] as const
export type ProofResult = (typeof proofResults)[number]

/** The result of rendering one variant with the override. */
export interface Proof {
  readonly variant: string
  /** `empty`: the chart renders no references, which proves nothing. `failed`: it does not render with the override. */
  readonly result: ProofResult
  /** Number of places compared with their destination. */
  readonly places: number
  /** SHA-256 over everything that the proof depends on: the chart's content, values, versions and the override. */
  readonly inputs: string
  /** The faults, in words. */
  readonly faults: readonly string[]
}

export interface LayoutResult {
  readonly values: readonly LeafAssignment[]
  readonly unreached: readonly Unreached[]
  readonly proofs: readonly Proof[]
}

/** An image that no render shows, with what the catalog of operators tells about it. */
export interface RuntimeImage {
  /** Canonical. */
  readonly reference: string
  /** The chart that the catalog names. */
  readonly operator: string
  /** When it is pulled, in words. */
  readonly when: string
  /** Leaves that hold it. */
  readonly leaves: readonly string[]
  /** The field of a custom resource that names another image, in words. */
  readonly field?: string
  readonly source: string
}

/** A chart's images, and how to redirect them. Independent of any registry. */
export interface RelocationResult {
  readonly images: readonly FoundImage[]
  /** Images that its program pulls at run time, by the catalog of operators. */
  readonly runtime: readonly RuntimeImage[]
  /** Text that may be a reference and has no decision yet. */
  readonly undecided: readonly FoundImage[]
  /** Images that values name but nothing renders. */
  readonly dormant: readonly { readonly reference: string; readonly leaves: readonly string[] }[]
  /** What the proofs cannot decide, besides undecided text. */
  readonly questions: readonly OpenQuestion[]
  /** Hosts from which something in the output fetches, apart from images. */
  readonly egress: readonly Egress[]
  readonly layouts: Readonly<Partial<Record<LayoutName, LayoutResult>>>
  /** Notices for the user: an invalid schema, assumptions of the render. */
  readonly notices: readonly string[]
}
