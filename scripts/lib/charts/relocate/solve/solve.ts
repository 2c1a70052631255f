import { finish, type Steps } from '../../../steps/steps.ts'
import { chooseInOrder, chooseOfEach, type OptionValues } from './choose-options.ts'
import type { Pattern, Slot } from './slots.ts'
import { slotKey, textOf } from './slots.ts'

/** One reference to redirect: how it is composed, and its required text, with `<registry>` and `<prefix>`. */
export interface Goal {
  readonly pattern: Pattern
  readonly destination: string
  /** Values that cost this much are not considered. */
  readonly limit: number
}

/** From this price on, a value is unnatural and chosen only as a last resort. */
export const dearPrice = 6

/** Values by slot key. Includes slots that must keep their value. */
export type SlotValues = OptionValues

export interface Solution {
  readonly values: SlotValues
  /** Returns why a goal is not met; undefined for one that is. */
  readonly causeOf: (goal: Goal) => 'unreachable' | 'conflict' | undefined
}

interface Option {
  readonly values: SlotValues
  readonly cost: number
}

/** Maximum ways to split one destination; more are never needed. */
const maximumOptions = 48
/** Splits that are tried for one destination, and for all of them together. */
const maximumCuts = { each: 5_000, all: 2_000_000, least: 200 } as const

/**
 * Chooses values so that every pattern spells its destination. Natural values are tried first; a slot that several
 * references share gets one value that suits all of them; otherwise the references left over are reported.
 *
 * @param strays slots that also occur outside references: changing them changes more than images
 */
export function solve(
  goals: readonly Goal[],
  slots: readonly Slot[],
  strays: ReadonlySet<string>,
): Solution {
  return finish(searchSolution(goals, slots, strays))
}

/** Solves like `solve`, in steps. */
export function* searchSolution(
  goals: readonly Goal[],
  slots: readonly Slot[],
  strays: ReadonlySet<string>,
): Steps<Solution> {
  const nameOf = (goal: Goal) =>
    JSON.stringify([describe(goal.pattern, slots), goal.destination, goal.limit])
  const distinct = new Map(goals.map((goal) => [nameOf(goal), goal]))
  const share = Math.floor(maximumCuts.all / Math.max(1, distinct.size))
  const cuts = Math.max(maximumCuts.least, Math.min(maximumCuts.each, share))
  const causes = new Map<string, 'unreachable' | 'conflict'>()
  const possible: { readonly name: string; readonly options: readonly SlotValues[] }[] = []
  for (const [name, goal] of distinct) {
    const options = optionsOf(goal, slots, strays, cuts).filter(({ cost }) => cost < goal.limit)
    if (options.length === 0) causes.set(name, 'unreachable')
    else possible.push({ name, options: options.map(({ values }) => values) })
    yield
  }
  const causeOf = (goal: Goal) => causes.get(nameOf(goal))
  const lists = possible.map(({ options }) => options)
  // Goals with the fewest options first.
  const found = chooseOfEach(lists.toSorted((a, b) => a.length - b.length))
  if (found !== undefined) return { values: found, causeOf }

  // No choice suits all, so keep as many as fit, in order.
  const { values, lost } = chooseInOrder(lists)
  for (const index of lost) causes.set(possible[index]?.name ?? '', 'conflict')
  return { values, causeOf }
}

function describe(pattern: Pattern, slots: readonly Slot[]): string[] {
  return pattern.map((segment) => {
    const slot = 'slot' in segment ? slots[segment.slot] : undefined
    return slot === undefined ? JSON.stringify(segment) : `${slotKey(slot)} ${textOf(slot)}`
  })
}

/** Returns every way to split a destination into the slots of a pattern, the most natural first. */
function optionsOf(
  { pattern, destination }: Goal,
  slots: readonly Slot[],
  strays: ReadonlySet<string>,
  maximum: number,
): Option[] {
  const found: Option[] = []
  let tried = 0
  const cut = (index: number, rest: string, values: SlotValues, cost: number): void => {
    tried += 1
    if (found.length >= maximumOptions || tried > maximum) return
    const segment = pattern[index]
    if (segment === undefined) {
      if (rest === '' && values.size > 0) found.push({ values, cost })
      return
    }
    if ('text' in segment) {
      if (rest.startsWith(segment.text)) {
        cut(index + 1, rest.slice(segment.text.length), values, cost)
      }
      return
    }
    const slot = slots[segment.slot]
    if (slot === undefined) return
    const key = slotKey(slot)
    for (const value of candidates(rest, pattern, index, slots)) {
      if (values.get(key) !== undefined && values.get(key) !== value) continue
      const isLast = !pattern.slice(index + 1).some((later) => 'slot' in later)
      const price = priceOf(value, slot, isLast) + surchargeOf(value, slot, pattern[index + 1])
      const stray = strays.has(key) && value !== textOf(slot) ? 8 : 0
      cut(
        index + 1,
        rest.slice(value.length),
        new Map([...values, [key, value]]),
        cost + price + stray,
      )
    }
  }
  cut(0, destination, new Map(), 0)
  return found.toSorted((a, b) => a.cost - b.cost)
}

/** Yields prefixes of the rest that a slot may take, up to the pattern's next text. */
function candidates(
  rest: string,
  pattern: Pattern,
  index: number,
  slots: readonly Slot[],
): string[] {
  const next = pattern[index + 1]
  if (next === undefined) return rest === '' ? [] : [rest]
  const ends: number[] = []
  if ('text' in next) {
    for (let at = rest.indexOf(next.text); at !== -1; at = rest.indexOf(next.text, at + 1)) {
      ends.push(at)
    }
  } else {
    // Two adjacent slots: split at a slash, or where the second one keeps its value.
    const second = slots[next.slot]
    for (let at = rest.indexOf('/'); at !== -1; at = rest.indexOf('/', at + 1))
      ends.push(at, at + 1)
    const kept = second === undefined ? -1 : rest.lastIndexOf(textOf(second))
    if (kept > 0) ends.push(kept)
  }
  return [...new Set(ends)].filter((at) => at > 0).map((at) => rest.slice(0, at))
}

/**
 * Returns how unnatural a value is: kept values are free; a person would write the registry in place of a host, and the
 * whole path in place of a path.
 */
function priceOf(value: string, slot: Slot, isLast: boolean): number {
  const before = textOf(slot)
  if (value === before) return 0
  const isHost = !before.replace(/\/$/, '').includes('/')
  if (/^<registry>\/?$/.test(value)) return isHost ? 1 : 2
  if (value.startsWith('<registry>')) {
    const path = value.replace(/^<registry>\/<prefix>/, '').replace(/\/$/, '')
    // In the `by-chart` layout, all images of a chart are in its folder: with that as the registry, names are kept.
    if (!path.includes('/')) return isLast || path === 'mirrored' ? 6 : 1.9
    return isLast && (!isHost || slot.isOpen) ? 1 : 2.5
  }
  return value.startsWith('<prefix>') ? 1 : 6
}

/** Returns the surcharge for a word that becomes a path, in the middle of a host name or of a path component. */
function surchargeOf(value: string, slot: Slot, next: Pattern[number] | undefined): number {
  const goesOn = next !== undefined && (!('text' in next) || /^[\w.-]/.test(next.text))
  return goesOn && value.includes('/') && !textOf(slot).includes('/') && !slot.isOpen
    ? dearPrice
    : 0
}
