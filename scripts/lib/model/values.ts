import type { LeafPath } from './leaf-path.ts'

/** A values tree: what YAML reads from a values file. */
export interface ValuesTree {
  [key: string]: ValuesNode
}
export type ValuesNode = string | number | boolean | null | ValuesTree | ValuesNode[]

export function isTree(node: unknown): node is ValuesTree {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/**
 * Lays values over others as helm does: maps are merged, everything else replaces, and a null takes a key away.
 * The order of keys is that of `base`; new ones follow.
 */
export function mergeValues(base: ValuesTree, over: ValuesTree): ValuesTree {
  const merged: ValuesTree = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    if (value === null) delete merged[key]
    else merged[key] = isTree(value) && isTree(below) ? mergeValues(below, value) : value
  }
  return merged
}

/** Lays values files over each other: as `mergeValues`, but a null stays, to take a default away later. */
export function layerValues(base: ValuesTree, over: ValuesTree): ValuesTree {
  const layered: ValuesTree = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = layered[key]
    layered[key] = isTree(value) && isTree(below) ? layerValues(below, value) : value
  }
  return layered
}

/** The node at a path, or nothing. */
export function nodeAt(root: ValuesNode, path: LeafPath): ValuesNode | undefined {
  let node: ValuesNode | undefined = root
  for (const key of path) {
    if (Array.isArray(node)) node = node[Number(key)]
    else if (isTree(node)) node = Object.hasOwn(node, key) ? node[key] : undefined
    else return undefined
  }
  return node
}

/** Sets the node at a path, in place; maps and lists on the way are made where there are none. */
export function setNode(root: ValuesTree, path: LeafPath, value: ValuesNode): void {
  let node: ValuesTree | ValuesNode[] = root
  for (const [index, key] of path.entries()) {
    const next = path[index + 1]
    if (next === undefined) return setChild(node, key, value)
    const child: ValuesNode | undefined = Array.isArray(node) ? node[Number(key)] : node[key]
    if (typeof child === 'object' && child !== null) node = child
    else {
      const made: ValuesTree | ValuesNode[] = typeof next === 'number' ? [] : {}
      setChild(node, key, made)
      node = made
    }
  }
}

function setChild(node: ValuesTree | ValuesNode[], key: string | number, value: ValuesNode): void {
  if (Array.isArray(node)) node[Number(key)] = value
  else node[key] = value
}

/** Every scalar of a tree with its path, in the tree's order. */
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
