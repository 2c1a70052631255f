import type { ChosenValues, Item, Search, SearchReason } from './job.ts'
import type { Taint } from './solve/taint.ts'
import { type Level, levels, supposedLevels, type VariantView } from './view.ts'

/** The facts on which a round of the search decides. */
export interface Seen {
  readonly items: readonly Item[]
  /** The values chosen in this state of the search. */
  readonly choice: ChosenValues
  /** The taint of a level: undefined if the level offers no leaves, `unknown` until it was requested. */
  readonly taintAt: (view: VariantView, level: Level) => Taint | 'unknown' | undefined
  /** The results of rendering with the chosen values; absent before these renders. */
  readonly trial?: Trial
}

export interface Trial {
  /** The tried values include some for images that are not rendered. */
  readonly hasDormant: boolean
  /** Items that should have moved but did not. */
  readonly unmoved: readonly Item[]
  /** Only references have changed. */
  readonly isClean: boolean
}

/** The next step of the search. */
export type SearchStep =
  /** Choose values again, for a reason. */
  | { readonly kind: 'search'; readonly search: Search; readonly reason: SearchReason }
  /** The taint of a level is needed for a decision. */
  | { readonly kind: 'ask'; readonly view: VariantView; readonly level: Level }
  /** Render with the chosen values. */
  | { readonly kind: 'try' }
  | { readonly kind: 'settled' }

export const firstSearch: Search = {
  reached: new Map(),
  joined: new Map(),
  desperate: new Set(),
  abandoned: new Set(),
  withDormant: true,
}

/** Decides from the observed facts how the search continues. Renders nothing. */
export function step(search: Search, seen: Seen): SearchStep {
  const { choice, trial } = seen
  if (trial !== undefined) {
    const wrong = trial.unmoved.filter(({ id }) => isSupposed(search.reached.get(id)))
    const refuted = wrong.length === 0 ? undefined : raise(search, seen, wrong, 'unmoved')
    if (refuted !== undefined) return refuted
    if (trial.hasDormant && (trial.unmoved.length > 0 || !trial.isClean)) {
      // Images that are not rendered must not disturb those that are.
      return { kind: 'search', search: { ...search, withDormant: false }, reason: 'disturbing' }
    }
    const guessed = seen.items.filter(({ id }) => isSupposed(search.reached.get(id)))
    // Without a measured cause, a change elsewhere is more likely due to a supposed one.
    const suspects = trial.isClean ? [] : guessed
    return raise(search, seen, [...trial.unmoved, ...suspects], 'unmoved') ?? { kind: 'settled' }
  }
  return (
    abandonNeeders(search, seen) ??
    raise(
      search,
      seen,
      choice.stuck.map(({ item }) => item),
      'stuck',
    ) ??
    join(search, seen) ?? { kind: 'try' }
  )
}

function isSupposed(level: Level | undefined): boolean {
  return supposedLevels.some((one) => one === level)
}

/** Takes items that have not been reached to the next level that has leaves to offer, in the end to unnatural values. */
function raise(
  search: Search,
  { taintAt }: Seen,
  items: readonly Item[],
  reason: SearchReason,
): SearchStep | undefined {
  const { joined, abandoned } = search
  const reached = new Map(search.reached)
  const desperate = new Set(search.desperate)
  let isRaised = false
  for (const { id, view } of items) {
    if (abandoned.has(id) || desperate.has(id) || joined.has(id)) continue
    const further = levels.slice((reached.get(id) ?? 0) + 1)
    const next = further.find((level) => taintAt(view, level) !== undefined)
    if (next === undefined) {
      reached.delete(id)
      desperate.add(id)
    } else if (taintAt(view, next) === 'unknown') return { kind: 'ask', view, level: next }
    else reached.set(id, next)
    isRaised = true
  }
  return isRaised
    ? { kind: 'search', search: { ...search, reached, desperate }, reason }
    : undefined
}

/**
 * A value in an empty leaf changes every reference that the leaf takes precedence over: these are also examined with
 * the leaf filled.
 */
function join(search: Search, { items, choice: { used }, taintAt }: Seen): SearchStep | undefined {
  if (used.size === 0) return undefined
  const reached = new Map(search.reached)
  const joined = new Map(search.joined)
  const offered = new Set(search.reached.values())
  let isChanged = false
  for (const { id, view, occurrence } of items) {
    const now = search.reached.get(id) ?? 0
    for (const level of levels.filter((one) => one > now && offered.has(one))) {
      const taint = taintAt(view, level)
      if (taint === 'unknown') return { kind: 'ask', view, level }
      if (!taint?.slotsOf(occurrence.key).some((key) => used.has(key))) continue
      joined.set(id, joined.get(id) ?? now)
      reached.set(id, level)
      isChanged = true
    }
  }
  return isChanged
    ? { kind: 'search', search: { ...search, reached, joined }, reason: 'joined' }
    : undefined
}

/**
 * When a leaf that speaks for several references cannot suit one that went along only because of it, those that need
 * the leaf are given up: one image left public is better than one sent to a place that does not exist.
 */
function abandonNeeders(search: Search, { items, choice }: Seen): SearchStep | undefined {
  const { reached, joined } = search
  if (joined.size === 0) return undefined
  const shared = new Set([...joined.keys()].map((id) => reached.get(id)))
  const victims = choice.stuck.filter(
    ({ item, cause }) =>
      joined.has(item.id) || (cause === 'conflict' && shared.has(reached.get(item.id))),
  )
  if (victims.length === 0) return undefined
  const levelsAtFault = new Set(victims.map(({ item }) => reached.get(item.id) ?? 0))
  const needers = items
    .map(({ id }) => id)
    .filter((id) => levelsAtFault.has(reached.get(id) ?? 0))
    .filter((id) => !joined.has(id) && !search.abandoned.has(id))
  if (needers.length === 0) return undefined
  const before = new Map([...reached, ...joined])
  for (const id of needers) before.delete(id)
  return {
    kind: 'search',
    search: {
      ...search,
      reached: before,
      joined: new Map(),
      abandoned: new Set([...search.abandoned, ...needers]),
    },
    reason: 'abandoned',
  }
}
