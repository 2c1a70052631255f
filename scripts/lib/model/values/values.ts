import { formatLeafPath, type LeafPath } from './leaf-path.ts'
import { ProblemError } from '../problem.ts'
import { copyTree, emptyTree, isTree, type ValuesNode, type ValuesTree } from '../tree/tree.ts'

export {
  cloneNode,
  copyTree,
  emptyTree,
  isTree,
  treeFrom,
  treeOf,
  type LiteralNode,
  type TreeLiteral,
  type ValuesNode,
  type ValuesTree,
} from '../tree/tree.ts'

/**
 * Merges values over others as helm does: maps are merged, everything else is replaced, and a null removes a key. Keys
 * are in the order of `base`, followed by new ones.
 */
export function mergeValues(base: ValuesTree, over: ValuesTree): ValuesTree {
  const merged = copyTree(base)
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    if (value === null) delete merged[key]
    else merged[key] = isTree(value) && isTree(below) ? mergeValues(below, value) : value
  }
  return merged
}

/** Merges values files like `mergeValues`, but keeps nulls, which remove defaults later. */
export function layerValues(base: ValuesTree, over: ValuesTree): ValuesTree {
  const layered = copyTree(base)
  for (const [key, value] of Object.entries(over)) {
    const below = layered[key]
    layered[key] = isTree(value) && isTree(below) ? layerValues(below, value) : value
  }
  return layered
}

/** Returns the node at a path, or undefined. */
export function nodeAt(root: ValuesNode, path: LeafPath): ValuesNode | undefined {
  let node: ValuesNode | undefined = root
  for (const key of path) node = node === undefined ? undefined : childOf(node, key)
  return node
}

function childOf(node: ValuesNode, key: string | number): ValuesNode | undefined {
  if (Array.isArray(node)) return isIndex(key) ? node[Number(key)] : undefined
  return isTree(node) ? node[key] : undefined
}

function isIndex(key: string | number): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(String(key))
}

/** Maximum index in a path, because a list is filled up to it. */
export const maximumIndex = 10_000

/**
 * Sets the node at a path, in place. Creates missing maps and lists on the way, replaces a list where a key is needed,
 * and fills lists with nulls. Throws `ProblemError` for an index above the limit.
 */
export function setNode(root: ValuesTree, path: LeafPath, value: ValuesNode): void {
  if (path.some((key) => typeof key === 'number' && isTooFar(key))) throw aboveLimit(path)
  let node: ValuesTree | ValuesNode[] = root
  for (const [index, key] of path.entries()) {
    const next = path[index + 1]
    // A word that is a number counts as an index where there is a list.
    if (Array.isArray(node) && isTooFar(key)) throw aboveLimit(path)
    if (next === undefined) return setChild(node, key, value)
    const child = childOf(node, key)
    if (fits(child, next)) node = child
    else {
      const made: ValuesTree | ValuesNode[] = typeof next === 'number' ? [] : emptyTree()
      setChild(node, key, made)
      node = made
    }
  }
}

function isTooFar(key: string | number): boolean {
  return Number(key) > maximumIndex
}

function aboveLimit(path: LeafPath): ProblemError {
  return new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `the index in "${formatLeafPath(path)}" is above ${maximumIndex}`,
  })
}

/** True for a container that can have a child of this key. */
function fits(
  node: ValuesNode | undefined,
  key: string | number,
): node is ValuesTree | ValuesNode[] {
  return Array.isArray(node) ? isIndex(key) : isTree(node)
}

function setChild(node: ValuesTree | ValuesNode[], key: string | number, value: ValuesNode): void {
  if (!Array.isArray(node)) {
    node[key] = value
    return
  }
  while (node.length < Number(key)) node.push(null)
  node[Number(key)] = value
}

/** Yields every scalar of a tree with its path, in the tree's order. */
export function* scalarsOf(
  node: ValuesNode,
  path: LeafPath = [],
): Generator<{ readonly path: LeafPath; readonly value: string | number | boolean | null }> {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* scalarsOf(item, [...path, index])
  } else if (isTree(node)) {
    for (const [key, item] of Object.entries(node)) yield* scalarsOf(item, [...path, key])
  } else yield { path, value: node }
}
