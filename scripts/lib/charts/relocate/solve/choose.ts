import { append } from '../../../model/collections.ts'
import type { UnreachedCause } from '../../../model/chart/relocation.ts'
import { interruptible } from '../../../steps/interruptible.ts'
import type { Item, LayoutJob, Search } from '../job.ts'
import { type Slot, slotKey } from './slots.ts'
import { slotsOfPattern } from './taint.ts'
import { measuredLevels } from '../view.ts'
import { dearPrice, searchSolution, type Goal } from './solve.ts'
import type { ChosenValues } from '../job.ts'

/** Renders every item at its current level, and chooses values for all of them together. */
export async function chooseValues(
  { items, destinationOf, leaves, signal }: LayoutJob,
  { reached, desperate, abandoned }: Search,
): Promise<ChosenValues> {
  const slots: Slot[] = []
  const slotsOf = new Map<string, Slot[]>()
  const offsets = new Map<object, number>()
  const strays = new Set<string>()
  const goals: { readonly item: Item; readonly goal: Goal }[] = []
  const stuck: { item: Item; cause: UnreachedCause }[] = []
  for (const item of items) {
    const taint = await item.view.taintAt(reached.get(item.id) ?? 0)
    const pattern = taint?.patterns.get(item.occurrence.key)
    const own = pattern && taint && slotsOfPattern(pattern, taint.slots)
    const isLast = desperate.has(item.id) || abandoned.has(item.id)
    if (isLast) leaves.set(item.id, own?.length ? own : await measuredLeaves(item))
    else if (own !== undefined || !leaves.has(item.id)) leaves.set(item.id, own ?? [])
    if (abandoned.has(item.id)) {
      stuck.push({ item, cause: 'conflict' })
      continue
    }
    if (taint === undefined || pattern === undefined || own?.length === 0) {
      stuck.push({ item, cause: 'unreachable' })
      continue
    }
    const offset = offsets.get(taint) ?? slots.length
    if (!offsets.has(taint)) {
      offsets.set(taint, offset)
      append(slots, taint.slots)
      const { name } = item.view.variant
      slotsOf.set(name, [...(slotsOf.get(name) ?? []), ...taint.slots])
      for (const key of taint.strays) strays.add(key)
    }
    const goal = {
      pattern: pattern.map((segment) =>
        'slot' in segment ? { slot: segment.slot + offset } : segment,
      ),
      destination: destinationOf(item.occurrence),
      limit: desperate.has(item.id) ? Infinity : dearPrice,
    }
    goals.push({ item, goal })
  }
  const solution = await interruptible(
    searchSolution(
      goals.map(({ goal }) => goal),
      slots,
      strays,
    ),
    signal,
  )
  for (const { item, goal } of goals) {
    const cause = solution.causeOf(goal)
    if (cause !== undefined) stuck.push({ item, cause })
  }
  const used = slots
    .filter((slot) => slot.value === '')
    .map(slotKey)
    .filter((key) => solution.values.has(key))
  return { slots, slotsOf, values: solution.values, stuck, used: new Set(used) }
}

/** Returns the leaves that marks have shown to feed an item, at the last level that has shown any. */
async function measuredLeaves({ view, occurrence: { key } }: Item): Promise<Slot[]> {
  for (const level of measuredLevels.toReversed()) {
    const taint = await view.taintAt(level)
    const own = taint && slotsOfPattern(taint.patterns.get(key) ?? [], taint.slots)
    if (own?.length) return own
  }
  return []
}
