import type { LeafAssignment, UnreachedCause } from '../../model/chart/relocation.ts'
import type { Slot } from './solve/slots.ts'
import type { Choice as SlotValues } from './solve/solve.ts'
import type { Level, VariantView } from './view.ts'
import type { LayoutName, Target } from '../../model/image/layout.ts'
import type { Occurrence } from '../find/find.ts'
import type { PlaceName } from './destinations.ts'

/** An occurrence to redirect, in its variant. */
export interface Item {
  readonly view: VariantView
  readonly occurrence: Occurrence
  readonly id: string
}

export interface LayoutJob {
  readonly layout: LayoutName
  readonly items: readonly Item[]
  readonly views: readonly VariantView[]
  readonly target: Target
  readonly placeName: PlaceName
  readonly destinationOf: (occurrence: Occurrence) => string
  /** Filled with the leaves that feed each item, by its id. */
  readonly leaves: Map<string, readonly Slot[]>
  readonly signal: AbortSignal
}

/** The state of the search. */
export interface Progress {
  /** The search level of each item; 0 if there is no entry. */
  readonly reached: Map<string, Level>
  /** Items that others raised to a level, with their previous level. */
  readonly joined: Map<string, Level>
  /** Items for which unnatural values are better than none. */
  readonly desperate: Set<string>
  /** Items that cannot be redirected without misdirecting others. */
  readonly abandoned: Set<string>
}

/** Values for slots, and what they leave unchanged. */
export interface Choice {
  readonly slots: readonly Slot[]
  /** Slots of each variant, by its name. */
  readonly slotsOf: ReadonlyMap<string, readonly Slot[]>
  readonly values: SlotValues
  readonly stuck: readonly { readonly item: Item; readonly cause: UnreachedCause }[]
  /** Keys of empty leaves that are set. */
  readonly used: ReadonlySet<string>
}

export interface MadeAssignments {
  readonly assignments: readonly LeafAssignment[]
  /** `<variant> <leaf>`: leaves for which an earlier variant needs a different value. */
  readonly lost: ReadonlySet<string>
}
