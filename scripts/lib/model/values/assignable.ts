import { maximumDepth } from '../tree/check.ts'
import type { LeafPath } from './leaf-path.ts'
import { cloneNode, emptyTree, maximumIndex, nodeAt, setNode, type ValuesNode } from './values.ts'

interface Assigned {
  readonly path: LeafPath
  readonly value: ValuesNode
}

/** Why values cannot be assigned. */
export interface AssignmentFault {
  /** Which of the assignments. */
  readonly index: number
  readonly message: string
}

/**
 * Returns the first fault of values that are assigned in order, which come from a file: a path or a value that is too
 * deep, or an index behind the end of its list, because a few bytes would fill lists with millions of nulls.
 */
export function faultOfAssignments(assignments: readonly Assigned[]): AssignmentFault | undefined {
  for (const [index, { path, value }] of assignments.entries()) {
    if (path.length + depthOf(value) <= maximumDepth) continue
    return { index, message: `a leaf can be at most ${maximumDepth} levels deep` }
  }
  const root = emptyTree()
  for (const [index, { path, value }] of assignments.entries()) {
    for (const [length, key] of path.entries()) {
      const list = nodeAt(root, path.slice(0, length))
      // A word that is a number counts as an index where there is a list.
      if (typeof key !== 'number' && !Array.isArray(list)) continue
      const end = Math.min(Array.isArray(list) ? list.length : 0, maximumIndex)
      if (Number(key) <= end) continue
      return { index, message: `index ${key} leaves a gap: its list has ${end} items so far` }
    }
    setNode(root, path, cloneNode(value))
  }
  return undefined
}

/** Returns the depth of a value, without recursion; at most one more than any that is accepted. */
function depthOf(value: ValuesNode): number {
  let depth = 0
  let level: readonly unknown[] = [value]
  while (depth <= maximumDepth) {
    level = level.flatMap((node) =>
      typeof node === 'object' && node !== null ? Object.values(node) : [],
    )
    if (level.length === 0) return depth
    depth += 1
  }
  return depth
}
