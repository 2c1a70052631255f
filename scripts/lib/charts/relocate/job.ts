import type { PulledImage } from '../../model/chart/operator.ts'
import type { LeafAssignment, UnreachedCause } from '../../model/chart/relocation.ts'
import type { Slot } from './solve/slots.ts'
import type { SlotValues } from './solve/solve.ts'
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
  /** Images that operators pull, which no render shows. */
  readonly pulled: readonly PulledImage[]
  /** Filled with the leaves that feed each item, by its id. */
  readonly leaves: Map<string, readonly Slot[]>
  readonly signal: AbortSignal
  /**
   * Called with each state of the search and the reason for leaving it, so that users can follow how values were
   * found.
   */
  readonly onSearch?: ((state: SearchState) => void) | undefined
}

/** A state of the search in figures. */
export interface SearchState {
  readonly layout: LayoutName
  readonly search: Search
  readonly items: number
  readonly next: SearchReason | 'settled'
}

/**
 * Why a search continues. `abandoned`: leaves that fit only some of their references are dropped. `stuck`: references
 * that no leaf reaches are searched one level deeper. `joined`: references that share a leaf with others are examined
 * with it. `disturbing`: values for images that are not rendered changed rendered output. `unmoved`: renders showed
 * that some references did not move.
 */
export type SearchReason = 'abandoned' | 'stuck' | 'joined' | 'disturbing' | 'unmoved'

/** The state of the search for a layout's values. */
export interface Search {
  /** The level that the search for an item's leaves has reached; 0 without an entry. */
  readonly reached: ReadonlyMap<string, Level>
  /** Items that others took along to a level, with their previous levels. */
  readonly joined: ReadonlyMap<string, Level>
  /** Items for which unnatural values are better than none. */
  readonly desperate: ReadonlySet<string>
  /** Items that cannot be moved without moving others to the wrong place. */
  readonly abandoned: ReadonlySet<string>
  /** Images that are not rendered also get values. */
  readonly withDormant: boolean
}

/** Values for slots, and what they leave unchanged. */
export interface ChosenValues {
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
