import { isDeepStrictEqual } from 'node:util'
import type { LeafPath } from '../model/values/leaf-path.ts'
import {
  emptyTree,
  isTree,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesNode,
  type ValuesTree,
} from '../model/values/values.ts'
import { nestedBudget } from './budget.ts'

const valuesKey = /values|overrides?$|config$/i

/**
 * Returns the mappings in a chart's values that it may pass on to a nested chart: empty ones, those whose name says so,
 * and those that are part of what is passed on.
 */
export function findCandidates(values: ValuesTree, delivered: readonly ValuesTree[]): LeafPath[] {
  const found: LeafPath[] = []
  const budget = { left: nestedBudget.comparisons as number }
  const visit = (node: ValuesTree, path: readonly string[]) => {
    for (const [key, child] of Object.entries(node)) {
      if (found.length >= nestedBudget.candidates) return
      if (!isTree(child) || key === '__proto__') continue
      const here = [...path, key]
      const isCandidate =
        Object.keys(child).length === 0 ||
        valuesKey.test(key) ||
        delivered.some((one) => isPartOf(child, one, budget))
      if (isCandidate) found.push(here)
      visit(child, here)
    }
  }
  visit(values, [])
  return found
}

/**
 * True for a mapping of which every value is also in another one, or in a mapping of it, at the same path.
 *
 * @param budget is spent on comparisons; with none left, nothing is a part
 */
function isPartOf(part: ValuesTree, whole: ValuesTree, budget: { left: number }): boolean {
  const scalars: (readonly [LeafPath, ValuesNode])[] = []
  for (const { path, value } of scalarsOf(part)) {
    budget.left -= 1
    if (budget.left < 0) return false
    scalars.push([path, value])
  }
  if (scalars.length === 0) return false
  const isIn = (tree: ValuesTree) =>
    scalars.every(([path, value]) => {
      budget.left -= 1
      return budget.left >= 0 && isDeepStrictEqual(nodeAt(tree, path), value)
    })
  return isIn(whole) || Object.values(whole).some((child) => isTree(child) && isIn(child))
}

/** Returns values in which each candidate has a key of its own. */
export function markCandidates(candidates: readonly LeafPath[]): ValuesTree {
  const marked = emptyTree()
  for (const [index, path] of candidates.entries()) {
    setNode(marked, [...path, markOf(index)], markOf(index))
  }
  return marked
}

/** A mapping of a chart's values, and where it is in the values of a nested chart. */
export interface Route {
  readonly outer: LeafPath
  readonly inner: LeafPath
}

/** Returns the marked candidates in values that are passed on. */
export function readRoutes(delivered: ValuesTree, candidates: readonly LeafPath[]): Route[] {
  const marks = new Map(candidates.map((path, index) => [markOf(index), path]))
  const routes: Route[] = []
  const visit = (node: ValuesNode | undefined, inner: LeafPath) => {
    if (!isTree(node)) return
    for (const [key, child] of Object.entries(node)) {
      const outer = child === key ? marks.get(key) : undefined
      if (outer !== undefined) routes.push({ outer, inner })
      visit(child, [...inner, key])
    }
  }
  visit(delivered, [])
  // The most specific ones first.
  return routes.toSorted((a, b) => b.inner.length - a.inner.length)
}

/** Returns the leaf of the outer chart for a leaf of the nested one; undefined if no route leads there. */
export function outerLeaf(routes: readonly Route[], path: LeafPath): LeafPath | undefined {
  const route = routes.find(({ inner }) => inner.every((step, index) => step === path[index]))
  return route && [...route.outer, ...path.slice(route.inner.length)]
}

function markOf(index: number): string {
  return `zqmapz${index}z`
}
