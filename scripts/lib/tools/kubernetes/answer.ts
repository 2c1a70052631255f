import { readJson } from '../../model/tree/json.ts'
import { emptyTree, isTree, nodeAt, type ValuesTree } from '../../model/values/values.ts'

// Answers of an API server are not trusted: every field may be absent.
export function shapeOf(text: string): ValuesTree {
  // Returns nothing for an error page of a proxy.
  const value = readJson(text)
  return isTree(value) ? value : emptyTree()
}

export function textAt(node: ValuesTree, ...keys: readonly string[]): string {
  const value = nodeAt(node, keys)
  return typeof value === 'string' ? value : ''
}

export function mapsAt(node: ValuesTree, ...keys: readonly string[]): ValuesTree[] {
  const value = nodeAt(node, keys)
  return Array.isArray(value) ? value.filter((item) => isTree(item)) : []
}
