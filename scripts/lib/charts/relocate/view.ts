import type { LeafPath } from '../../model/values/leaf-path.ts'
import type { LeafAssignment } from '../../model/chart/relocation.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { Problem, Result } from '../../model/problem.ts'
import type { RenderedDocument } from '../render/documents.ts'
import type { Found, Occurrence } from '../find/find.ts'
import type { RenderSettings } from '../render/render.ts'
import type { RestoredLeaf } from './target-values.ts'
import type { Taint } from './solve/taint.ts'

/** One named set of values with which a chart is rendered. */
export interface Variant {
  readonly name: string
  readonly values: ValuesTree
  readonly settings: RenderSettings
  /** Top-level keys whose leaves this chart must not change: values that an umbrella passes to other charts. */
  readonly sealed?: readonly string[]
  /** Leaves that pointed to the target in the caller's values, set back; they are part of the override. */
  readonly restored?: readonly RestoredLeaf[]
  /** The cluster settings that are assumed, not known. */
  readonly assumes?: { readonly kubeVersion: boolean; readonly apiVersions: boolean }
}

/** Returns the user's decision about a possible reference. */
export type Decide = (reference: string) => 'mirror' | 'ignore' | undefined

/**
 * Levels at which marks in leaves are followed: leaves with values, then empty ones of single images, then empty ones
 * for all images, then plain words.
 */
export const measuredLevels = [0, 1, 2, 3] as const

/** Levels at which leaves are supposed to feed a reference whose text they resemble: by parts, then as a whole. */
export const supposedLevels = [4, 5] as const

/** All levels of the search for leaves. Each is used only for references that no earlier level redirects. */
export const levels = [...measuredLevels, ...supposedLevels] as const

export type Level = (typeof levels)[number]

/** A chart in one variant: its baseline, and the results of marking leaves. Renders on demand. */
export interface VariantView {
  readonly variant: Variant
  readonly values: ValuesTree
  /** Images that the values name completely. */
  readonly named: readonly NamedImage[]
  readonly baseline: readonly RenderedDocument[]
  readonly found: Found
  /** The references to redirect: all except undecided and ignored ones. */
  readonly wanted: readonly Occurrence[]
  readonly undecided: readonly Occurrence[]
  /** References that repeat others without their registry. */
  readonly followers: ReadonlySet<Occurrence>
  readonly skipsSchema: boolean
  /** The fault of a values.schema.json: it is invalid, rejects the chart's own values, or refers outside. */
  readonly schemaProblem?: Problem
  /** Returns the taint of a level; undefined when the level adds no leaves. */
  readonly taintAt: (level: Level) => Promise<Taint | undefined>
  /** Leaves that must be set before the chart accepts other images; known once it has rejected some. */
  readonly companions: readonly LeafAssignment[]
  /** Renders with values that are only tried: with the leaves that the chart requires then, and without its schema. */
  readonly renderTried: (over: ValuesTree) => Promise<Result<readonly RenderedDocument[]>>
  /** Renders with an override. */
  readonly renderWith: (over: ValuesTree) => Promise<Result<readonly RenderedDocument[]>>
  /** Renders the same values again, or with an override; undefined when that fails. */
  readonly renderAgain: (over?: ValuesTree) => Promise<readonly RenderedDocument[] | undefined>
}

/** An image that values name completely, whether or not anything renders it. */
export interface NamedImage {
  /** Canonical. */
  readonly reference: string
  /** As the values spell it, joined. */
  readonly text: string
  /** Leaves of the registry (if separate), the name and the tag; a single one for a whole reference. */
  readonly leaves: readonly LeafPath[]
  /** The last component of the name, if it is in a leaf of its own. */
  readonly word?: string
}
