import { formatLeafPath } from '../../model/values/leaf-path.ts'
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
  /** What these leaves are set back to: the chart's default, or nothing. */
  readonly restored: readonly LeafAssignment[]
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
    restored: own.map(({ path }) => ({ path, value: nodeAt(defaults, path) ?? null })),
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
