import { formatLeafPath, overlaps } from '../../model/values/leaf-path.ts'
import type { LeafAssignment } from '../../model/chart/relocation.ts'
import {
  emptyTree,
  isTree,
  nodeAt,
  scalarsOf,
  treeFrom,
  type ValuesTree,
} from '../../model/values/values.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { effectiveValues } from '../chart/values.ts'

/** Values without the leaves that already point to the target registry. */
export interface SourceValues {
  readonly values: ValuesTree
  readonly restored: readonly RestoredLeaf[]
}

/** A leaf that is set back: to the chart's default, or to nothing. */
export interface RestoredLeaf extends LeafAssignment {
  /** The value in the caller's values, with `<registry>`. */
  readonly given: string
}

/**
 * Separates assignments that only set a leaf of the caller back from the others, and returns the caller's values for
 * them.
 */
export function separateRestored(
  assignments: readonly LeafAssignment[],
  restored: readonly RestoredLeaf[],
): { readonly others: readonly LeafAssignment[]; readonly own: readonly LeafAssignment[] } {
  const twinOf = ({ path, value }: LeafAssignment) =>
    restored.find((one) => overlaps(one.path, path) && one.value === value)
  return {
    others: assignments.filter((one) => twinOf(one) === undefined),
    own: assignments.flatMap((one) => {
      const twin = twinOf(one)
      return twin === undefined ? [] : [{ path: twin.path, value: twin.given }]
    }),
  }
}

/**
 * Removes the leaves of a caller's values that already point to the target registry: with them, the chart names its
 * images there, and where they come from is not known. A leaf in a list stays, because a list has no default.
 */
export function withoutTarget(
  chart: ChartFiles,
  values: ValuesTree,
  registry: string,
): SourceValues {
  const own = [...scalarsOf(values)].filter(
    ({ path, value }) =>
      typeof value === 'string' &&
      (value === registry || value.startsWith(`${registry}/`)) &&
      path.every((step) => typeof step === 'string'),
  )
  if (own.length === 0) return { values, restored: [] }
  const defaults = effectiveValues(chart, emptyTree())
  const removed = new Set(own.map(({ path }) => formatLeafPath(path)))
  return {
    values: without(values, removed, []),
    restored: own.map(({ path, value }) => ({
      path,
      value: nodeAt(defaults, path) ?? null,
      given: `<registry>${String(value).slice(registry.length)}`,
    })),
  }
}

function without(
  tree: ValuesTree,
  removed: ReadonlySet<string>,
  path: readonly string[],
): ValuesTree {
  return treeFrom(
    Object.entries(tree).flatMap(([key, value]) => {
      const here = [...path, key]
      if (removed.has(formatLeafPath(here))) return []
      return [[key, isTree(value) ? without(value, removed, here) : value] as const]
    }),
  )
}
