import { isDeepStrictEqual } from 'node:util'
import { groupBy } from '../../../model/collections.ts'
import { formatLeafPath, type LeafPath, listRoot } from '../../../model/values/leaf-path.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'
import {
  emptyTree,
  isTree,
  nodeAt,
  setNode,
  treeFrom,
  type ValuesNode,
  type ValuesTree,
} from '../../../model/values/values.ts'
import type { ChosenValues } from '../job.ts'
import { placeLeaf, type Slot, slotKey, spliceSlots, textOf } from './slots.ts'
import type { SlotValues } from './solve.ts'
import type { VariantView } from '../view.ts'
import type { MadeAssignments } from '../job.ts'

/**
 * Turns chosen slot values into leaf assignments, in the order of the chart's own values. One override serves all
 * variants: if two need different values for a leaf, the earlier one applies.
 */
export function makeAssignments(
  views: readonly VariantView[],
  { slotsOf, values }: Pick<ChosenValues, 'slotsOf' | 'values'>,
): MadeAssignments {
  const over = emptyTree()
  const paths = new Map<string, LeafPath>()
  const lost = new Set<string>()
  for (const { variant, values: base, companions } of views) {
    const own = variantTree(base, slotsOf.get(variant.name) ?? [], values)
    const taken = new Set(own.map(({ path }) => formatLeafPath(path)))
    const restored = (variant.restored ?? []).filter(({ path }) => !taken.has(formatLeafPath(path)))
    for (const { path, value } of restored) {
      const key = formatLeafPath(path)
      if (paths.has(key)) continue
      setNode(over, path, value)
      paths.set(key, path)
    }
    for (const { path, value } of [...own, ...companions]) {
      const key = formatLeafPath(path)
      const isTaken = paths.has(key) && !isDeepStrictEqual(nodeAt(over, path), value)
      if (isTaken || switchesOn(path, base, views)) {
        lost.add(`${variant.name} ${key}`)
        continue
      }
      setNode(over, path, value)
      paths.set(key, path)
    }
  }
  const ordered = orderLike(over, valuesOf(views))
  return {
    assignments: orderedPaths(ordered, paths).map((path) => ({
      path,
      value: nodeAt(ordered, path) ?? null,
    })),
    lost,
  }
}

function isEmpty(node: ValuesNode | undefined): boolean {
  return (
    node === undefined || node === null || node === '' || (Array.isArray(node) && node.length === 0)
  )
}

/** True when a leaf is set in one variant and empty in another, where a value would switch something on. */
function switchesOn(path: LeafPath, base: ValuesTree, views: readonly VariantView[]): boolean {
  const here = nodeAt(base, path)
  return !isEmpty(here) && views.some(({ values }) => isEmpty(nodeAt(values, path)))
}

/**
 * Returns the leaves of one variant with their new values. A leaf in a list includes the whole list, because helm
 * replaces lists; the rest of the list is unchanged.
 */
function variantTree(
  base: ValuesTree,
  slots: readonly Slot[],
  values: SlotValues,
): LeafAssignment[] {
  const changed = slots.filter((slot) => {
    const value = values.get(slotKey(slot))
    return value !== undefined && value !== textOf(slot)
  })
  const over = emptyTree()
  const roots = new Map<string, LeafPath>()
  for (const group of groupBy(changed, ({ path }) => formatLeafPath(path)).values()) {
    const [first] = group
    if (first === undefined) continue
    // The same slot may occur at several levels.
    const parts = new Map(
      group.map((slot) => [slot.start, [slot, values.get(slotKey(slot)) ?? ''] as const]),
    )
    placeLeaf(over, base, first.path, spliceSlots(first.value, [...parts.values()]))
    const root = listRoot(first.path)
    roots.set(formatLeafPath(root), root)
  }
  return [...roots.values()].map((path) => ({ path, value: nodeAt(over, path) ?? '' }))
}

/** Returns all variants' values in order: the first variant's, then what the others add. */
function valuesOf(views: readonly VariantView[]): ValuesTree {
  const [first, ...others] = views
  return others.reduce(
    (all, { values }) => treeFrom([...Object.entries(values), ...Object.entries(all)]),
    first?.values ?? emptyTree(),
  )
}

/** Sorts the keys of a tree like those of another; missing keys come last. */
function orderLike(tree: ValuesTree, like: ValuesNode | undefined): ValuesTree {
  const ranks = new Map(isTree(like) ? Object.keys(like).map((key, index) => [key, index]) : [])
  const keys = Object.keys(tree).toSorted(
    (a, b) => (ranks.get(a) ?? Infinity) - (ranks.get(b) ?? Infinity) || (a < b ? -1 : 1),
  )
  return treeFrom(
    keys.map((key) => {
      const child = tree[key] ?? null
      const twin = isTree(like) ? like[key] : undefined
      return [key, isTree(child) ? orderLike(child, twin) : child]
    }),
  )
}

function orderedPaths(
  tree: ValuesTree,
  leaves: ReadonlyMap<string, LeafPath>,
  path: LeafPath = [],
): LeafPath[] {
  return Object.entries(tree).flatMap(([key, child]) => {
    const here = [...path, key]
    if (leaves.has(formatLeafPath(here))) return [here]
    return isTree(child) ? orderedPaths(child, leaves, here) : []
  })
}

/** Merges assignments into one values tree, in order. */
export function assignmentTree(
  assignments: readonly LeafAssignment[],
  fill: (pattern: string) => string,
): ValuesTree {
  const root = emptyTree()
  for (const { path, value } of assignments) setNode(root, path, fillNode(value, fill))
  return root
}

function fillNode(node: ValuesNode, fill: (pattern: string) => string): ValuesNode {
  if (typeof node === 'string') return fill(node)
  if (Array.isArray(node)) return node.map((item) => fillNode(item, fill))
  if (!isTree(node)) return node
  return treeFrom(Object.entries(node).map(([key, child]) => [key, fillNode(child, fill)]))
}
