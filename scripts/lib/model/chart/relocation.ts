import type { LayoutName } from '../image/layout.ts'
import type { LeafPath } from '../values/leaf-path.ts'
import type { ValuesNode } from '../values/values.ts'

/** One value of a relocation: `<registry>` and `<prefix>` in it are filled in for a target (`fillPattern`). */
export interface LeafAssignment {
  readonly path: LeafPath
  /** A string, or the whole list in which the leaf stands: helm replaces lists as a whole. */
  readonly value: ValuesNode
}

/**
 * How sure it is that something will be pulled. `certain`: a field that the kubelet or an operator pulls from.
 * `embedded`: a complete reference inside arguments, environment or text. `potential`: might be one; a person decides.
 */
export const referenceClasses = ['certain', 'embedded', 'potential'] as const
export type ReferenceClass = (typeof referenceClasses)[number]

/** Where a reference stands in what a chart renders, and which values leaves have a part in it. */
export interface FoundPlace {
  readonly variants: readonly string[]
  readonly class: ReferenceClass
  /** `Deployment/name`. */
  readonly document: string
  /** Path within the document. */
  readonly path: string
  /** `chart/templates/file.yaml`. */
  readonly template: string
  readonly leaves: readonly string[]
}

/** What follows a variant's name where it was rendered as an upgrade of a release. */
const upgradeMark = '/upgrade'

/** The variant rendered as an upgrade: listed apart where that shows references that an install does not. */
export function upgradeOf(variant: string): string {
  return variant + upgradeMark
}

/** The variant as the chart list names it, whichever way it was rendered. */
export function variantName(variant: string): string {
  return variant.endsWith(upgradeMark) ? variant.slice(0, -upgradeMark.length) : variant
}

export interface FoundImage {
  /** Canonical, with a tag or a digest. */
  readonly reference: string
  readonly places: readonly FoundPlace[]
}

/**
 * Why a reference stays where it is. `unreachable`: no leaf has a part in it. `conflict`: other references need other
 * values of its leaves. `unmoved`: the render with the chosen values does not have it at its destination.
 */
export type UnreachedCause = 'unreachable' | 'conflict' | 'unmoved'

export interface Unreached extends Omit<FoundPlace, 'variants' | 'class'> {
  readonly reference: string
  readonly variant: string
  readonly cause: UnreachedCause
}

/** What rendering with the override has shown for one variant. */
export interface Proof {
  readonly variant: string
  /** `empty`: the chart renders no reference at all, which is suspicious and proves nothing. */
  readonly result: 'proven' | 'unproven' | 'empty'
  /** Places that were compared with their destination. */
  readonly places: number
  /** SHA-256 over all that the proof depends on: the chart's content, values, versions and the override. */
  readonly inputs: string
  /** What is not as it should be, in words. */
  readonly faults: readonly string[]
}

export interface LayoutResult {
  readonly values: readonly LeafAssignment[]
  readonly unreached: readonly Unreached[]
  readonly proofs: readonly Proof[]
}

/** All that is known of a chart's images, and how to move them. Independent of any registry. */
export interface RelocationResult {
  readonly images: readonly FoundImage[]
  /** Text that may or may not be a reference, and that nobody has decided about. */
  readonly undecided: readonly FoundImage[]
  /** Images named by values that are not rendered now. */
  readonly dormant: readonly { readonly reference: string; readonly leaves: readonly string[] }[]
  readonly layouts: Readonly<Partial<Record<LayoutName, LayoutResult>>>
  /** What a person should know: an invalid schema, image fields that name no image. */
  readonly notices: readonly string[]
}
