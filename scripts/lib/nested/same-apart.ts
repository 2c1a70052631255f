import { isDeepStrictEqual } from 'node:util'
import { documentKey, type RenderedDocument } from '../charts/render/documents.ts'
import type { LeafPath } from '../model/values/leaf-path.ts'
import {
  emptyTree,
  isTree,
  treeFrom,
  type ValuesNode,
  type ValuesTree,
} from '../model/values/values.ts'

/** Fields of a document in which two renders may differ. */
export interface FreeFields {
  readonly document: RenderedDocument
  readonly paths: readonly LeafPath[]
}

/** True for two renders that are the same, apart from these fields. */
export function isSameApart(
  before: readonly RenderedDocument[],
  after: readonly RenderedDocument[],
  free: readonly FreeFields[],
): boolean {
  const others = new Map(after.map((document) => [documentKey(document), document]))
  const paths = new Map<string, LeafPath[]>()
  for (const { document, paths: own } of free) {
    const key = documentKey(document)
    paths.set(key, [...(paths.get(key) ?? []), ...own])
  }
  return (
    before.length === after.length &&
    before.every((document) => {
      const key = documentKey(document)
      const now = others.get(key)
      if (now === undefined) return false
      if (now.text === document.text) return true
      const fields = paths.get(key)
      if (fields === undefined || !isTree(document.root) || !isTree(now.root)) return false
      return isDeepStrictEqual(without(document.root, fields), without(now.root, fields))
    })
  )
}

function without(root: ValuesTree, paths: readonly LeafPath[]): ValuesNode {
  return paths.reduce<ValuesNode>((tree, path) => removeAt(tree, path), root)
}

function removeAt(node: ValuesNode, [step, ...rest]: LeafPath): ValuesNode {
  if (step === undefined) return node
  if (Array.isArray(node)) {
    return node.map((item, index) => (index === step ? removeAt(item, rest) : item))
  }
  if (!isTree(node)) return node
  return treeFrom(
    Object.entries(node).flatMap(([key, child]) => {
      if (key !== step) return [[key, child] as const]
      const left = rest.length === 0 ? emptyTree() : removeAt(child, rest)
      // A mapping that is empty without the field may have come with it.
      return isTree(left) && Object.keys(left).length === 0 ? [] : [[key, left] as const]
    }),
  )
}
