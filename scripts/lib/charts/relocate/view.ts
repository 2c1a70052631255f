import type { LeafPath } from '../../model/values/leaf-path.ts'
import type { LeafAssignment } from '../../model/chart/relocation.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { Problem, Result } from '../../model/problem.ts'
import type { RenderedDocument } from '../render/documents.ts'
import type { Found, Occurrence } from '../find/find.ts'
import type { RenderSettings } from '../render/render.ts'
import type { Taint } from './solve/taint.ts'

/** One named set of values under which a chart is rendered. */
export interface Variant {
  readonly name: string
  readonly values: ValuesTree
  readonly settings: RenderSettings
  /** Top-level keys whose leaves are not this chart's to change: values that an umbrella hands to other charts. */
  readonly sealed?: readonly string[]
}

/** What a person has decided about a reference that might be one. */
export type Decide = (reference: string) => 'mirror' | 'ignore' | undefined

/**
 * How far the search for leaves goes: leaves with values, then empty ones of single images, then empty ones that
 * speak for all images, then plain words. Each step is taken only for references that no step before has reached.
 */
export const levels = [0, 1, 2, 3] as const

export type Level = (typeof levels)[number]

/** A chart under one variant: its baseline, and what marking leaves shows. Renders happen when they are asked for. */
export interface VariantView {
  readonly variant: Variant
  readonly values: ValuesTree
  /** Images that the values name completely. */
  readonly named: readonly NamedImage[]
  readonly baseline: readonly RenderedDocument[]
  readonly found: Found
  /** What is to be moved: all but what was not decided or is to be ignored. */
  readonly wanted: readonly Occurrence[]
  readonly undecided: readonly Occurrence[]
  readonly skipsSchema: boolean
  /** What is wrong with a values.schema.json: itself invalid, refusing the chart's own values, or referring outside. */
  readonly schemaProblem?: Problem
  /** The taint of a level; nothing when the level has no leaves to offer. */
  readonly taintAt: (level: Level) => Promise<Taint | undefined>
  /** Leaves that have to be set before the chart accepts other images; known once it has refused some. */
  readonly companions: readonly LeafAssignment[]
  /** Renders with an override. */
  readonly renderWith: (over: ValuesTree) => Promise<Result<readonly RenderedDocument[]>>
  /** A second render of the same values, or with an override; nothing where it fails. */
  readonly renderAgain: (over?: ValuesTree) => Promise<readonly RenderedDocument[] | undefined>
}

/** An image that values name completely, whether or not anything renders it. */
export interface NamedImage {
  /** Canonical. */
  readonly reference: string
  /** As the values spell it, put together. */
  readonly text: string
  /** Leaf of the registry, where it has one of its own; of the name; of the tag. One alone for a whole reference. */
  readonly leaves: readonly LeafPath[]
}
