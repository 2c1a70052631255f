import type { Pattern, Slot } from './slots.ts'
import { slotKey, textOf } from './slots.ts'

/** One reference to be moved: how it is composed, and what it must spell, with `<registry>` and `<prefix>` in it. */
export interface Wish {
  readonly pattern: Pattern
  readonly destination: string
  /** Values that cost this much are not considered. */
  readonly limit: number
}

/** From this price on a value is one that nobody would write, and is taken only when nothing else is left. */
export const dearPrice = 6

/** Values by slot key. A slot that must keep its value is there with that value. */
export type Choice = ReadonlyMap<string, string>

export interface Solution {
  readonly values: Choice
  /** Why a wish is not fulfilled; nothing for one that is. */
  readonly causeOf: (wish: Wish) => 'unreachable' | 'conflict' | undefined
}

interface Option {
  readonly values: Choice
  readonly cost: number
}

/** More ways than this to cut one destination are never needed. */
const maximumOptions = 48
/** Steps of the search before what is left is taken one by one. */
const maximumSteps = 20_000

/**
 * Chooses values so that every pattern spells its destination. Natural values are tried first; a slot that several
 * references share gets one value that suits all of them, or the others that it has a part in are reported.
 *
 * @param strays slots that show in other places than references: changing them changes more than images
 */
export function solve(
  wishes: readonly Wish[],
  slots: readonly Slot[],
  strays: ReadonlySet<string>,
): Solution {
  const nameOf = (wish: Wish) =>
    JSON.stringify([describe(wish.pattern, slots), wish.destination, wish.limit])
  const distinct = new Map(wishes.map((wish) => [nameOf(wish), wish]))
  const causes = new Map<string, 'unreachable' | 'conflict'>()
  const possible = []
  for (const [name, wish] of distinct) {
    const options = optionsOf(wish, slots, strays).filter(({ cost }) => cost < wish.limit)
    if (options.length === 0) causes.set(name, 'unreachable')
    else possible.push({ name, options })
  }
  const causeOf = (wish: Wish) => causes.get(nameOf(wish))
  // Those with the fewest ways out first.
  const lists = possible.map(({ options }) => options).toSorted((a, b) => a.length - b.length)
  const found = search(lists, 0, new Map(), { left: maximumSteps })
  if (found !== undefined) return { values: found, causeOf }

  // No choice suits all: keep as many as fit, in order.
  let values: Choice = new Map()
  for (const { name, options } of possible) {
    const next = options.map((option) => combine(values, option.values)).find((one) => one)
    if (next === undefined) causes.set(name, 'conflict')
    else values = next
  }
  return { values, causeOf }
}

function describe(pattern: Pattern, slots: readonly Slot[]): string[] {
  return pattern.map((segment) => {
    const slot = 'slot' in segment ? slots[segment.slot] : undefined
    return slot === undefined ? JSON.stringify(segment) : `${slotKey(slot)} ${textOf(slot)}`
  })
}

function search(
  lists: readonly (readonly Option[])[],
  index: number,
  values: Choice,
  budget: { left: number },
): Choice | undefined {
  const options = lists[index]
  if (options === undefined) return values
  for (const option of options) {
    budget.left -= 1
    if (budget.left < 0) return undefined
    const combined = combine(values, option.values)
    const found = combined && search(lists, index + 1, combined, budget)
    if (found !== undefined) return found
  }
  return undefined
}

function combine(a: Choice, b: Choice): Choice | undefined {
  for (const [key, value] of b) {
    const other = a.get(key)
    if (other !== undefined && other !== value) return undefined
  }
  return new Map([...a, ...b])
}

/** Every way to cut a destination into the slots of a pattern, the most natural first. */
function optionsOf(
  { pattern, destination }: Wish,
  slots: readonly Slot[],
  strays: ReadonlySet<string>,
): Option[] {
  const found: Option[] = []
  const cut = (index: number, rest: string, values: Choice, cost: number): void => {
    if (found.length >= maximumOptions) return
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

/** Beginnings of the rest that a slot may take: up to where the pattern's next text stands. */
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
    // Two slots side by side: cut at a slash, or where the second one keeps what it holds.
    const second = slots[next.slot]
    for (let at = rest.indexOf('/'); at !== -1; at = rest.indexOf('/', at + 1))
      ends.push(at, at + 1)
    const kept = second === undefined ? -1 : rest.lastIndexOf(textOf(second))
    if (kept > 0) ends.push(kept)
  }
  return [...new Set(ends)].filter((at) => at > 0).map((at) => rest.slice(0, at))
}

/**
 * What a value costs in naturalness: kept values are free; the registry where a host stood and the whole place where a
 * path stood are what a person would write.
 */
function priceOf(value: string, slot: Slot, isLast: boolean): number {
  const before = textOf(slot)
  if (value === before) return 0
  const isHost = !before.replace(/\/$/, '').includes('/')
  if (/^<registry>\/?$/.test(value)) return isHost ? 1 : 2
  if (value.startsWith('<registry>')) {
    const path = value.replace(/^<registry>\/<prefix>/, '').replace(/\/$/, '')
    // In the `by-chart` layout all images of a chart stand in its folder: with that as the registry, names are kept.
    if (!path.includes('/')) return isLast || path === 'mirrored' ? 6 : 1.9
    return isLast && (!isHost || slot.isOpen) ? 1 : 2.5
  }
  return value.startsWith('<prefix>') ? 1 : 6
}

/** A word that becomes a path, in the middle of a host's name or of a path component. */
function surchargeOf(value: string, slot: Slot, next: Pattern[number] | undefined): number {
  const goesOn = next !== undefined && (!('text' in next) || /^[\w.-]/.test(next.text))
  return goesOn && value.includes('/') && !textOf(slot).includes('/') && !slot.isOpen
    ? dearPrice
    : 0
}
