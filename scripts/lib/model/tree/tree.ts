/** For the compiler only: an object literal or a spread is not a tree, because both have a prototype. */
declare abstract class WithoutPrototype {
  private readonly hasNoPrototype: true
}

/**
 * A values tree, as read from a values file. It has no prototype, so `__proto__`, `constructor` and every other word
 * are ordinary keys. Made by `emptyTree`, `treeOf`, `treeFrom` and `copyTree` only.
 */
export interface ValuesTree extends WithoutPrototype {
  [key: string]: ValuesNode
}
export type ValuesNode = string | number | boolean | null | ValuesTree | ValuesNode[]

/** A tree literal in code. Never used for external data. */
export interface TreeLiteral {
  readonly [key: string]: LiteralNode
}
export type LiteralNode = ValuesNode | TreeLiteral | readonly LiteralNode[]

/**
 * Returns whether a node is a tree. Throws for a plain object, which has not passed `toNode`: its prototype would be
 * treated as data.
 */
export function isTree(node: unknown): node is ValuesTree {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return false
  if (Object.getPrototypeOf(node) === null) return true
  throw new Error('an object with a prototype was taken for a tree')
}

export function emptyTree(): ValuesTree {
  const tree: ValuesTree = Object.create(null)
  return tree
}

/** Creates a tree from entries. The last of two equal keys wins, in the position of the first. */
export function treeFrom(entries: Iterable<readonly [string, ValuesNode]>): ValuesTree {
  const tree = emptyTree()
  for (const [key, node] of entries) tree[key] = node
  return tree
}

/** Creates a record without a prototype, for entries with external keys. */
export function recordFrom<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record: Record<string, T> = Object.create(null)
  for (const [key, value] of entries) record[key] = value
  return record
}

/** Creates a tree from a literal in code. */
export function treeOf(literal: TreeLiteral): ValuesTree {
  return treeFrom(Object.entries(literal).map(([key, node]) => [key, nodeOf(node)]))
}

function nodeOf(literal: LiteralNode): ValuesNode {
  if (typeof literal !== 'object' || literal === null) return literal
  return isList(literal) ? literal.map(nodeOf) : treeOf(literal)
}

// `Array.isArray` does not narrow readonly arrays.
function isList(literal: object): literal is readonly LiteralNode[] {
  return Array.isArray(literal)
}

/** Returns a shallow copy of a tree. */
export function copyTree(tree: ValuesTree): ValuesTree {
  return treeFrom(Object.entries(tree))
}

/** Returns a deep copy of a node. */
export function cloneNode(node: ValuesNode): ValuesNode {
  if (Array.isArray(node)) return node.map(cloneNode)
  if (!isTree(node)) return node
  return treeFrom(Object.entries(node).map(([key, child]) => [key, cloneNode(child)]))
}
