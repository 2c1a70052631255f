import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'

/** A resource, and its place in a document: a document may be a list of resources. */
export interface PlacedObject {
  readonly object: ValuesTree
  readonly path: LeafPath
}

/** Returns the resources of a document. */
export function objectsOf(node: ValuesNode | undefined, path: LeafPath = []): PlacedObject[] {
  if (!isTree(node)) return []
  const { items } = node
  return Array.isArray(items)
    ? items.flatMap((item, index) => objectsOf(item, [...path, 'items', index]))
    : [{ object: node, path }]
}

/**
 * Yields the resources within a resource, which its controller creates: a list of them in a `ResourceSet` of Flux, or a
 * manifest in an `Object` of Crossplane, for example.
 */
export function* embeddedIn(node: ValuesNode | undefined, path: LeafPath): Generator<PlacedObject> {
  const children = Array.isArray(node)
    ? [...node.entries()]
    : isTree(node)
      ? Object.entries(node)
      : []
  for (const [key, child] of children) {
    const here = [...path, key]
    const isObject =
      isTree(child) && typeof child['kind'] === 'string' && typeof child['apiVersion'] === 'string'
    if (isObject) yield { object: child, path: here }
    yield* embeddedIn(child, here)
  }
}

/** Returns the API group and the kind of a resource, without the version: `argoproj.io Application`. */
export function groupAndKind(object: ValuesTree): string {
  const group = fieldText(object, 'apiVersion').split('/')[0] ?? ''
  return `${group} ${fieldText(object, 'kind')}`
}

/** Returns a folder of a repository so that it does not look like the name of a chart. */
export function relativeFolder(folder: string): string {
  return /^[./]/.test(folder) ? folder : `./${folder}`
}

/** Returns the text at a path; empty when there is none. */
export function fieldText(object: ValuesTree, ...path: LeafPath): string {
  const value = nodeAt(object, path)
  return typeof value === 'string' ? value : ''
}
