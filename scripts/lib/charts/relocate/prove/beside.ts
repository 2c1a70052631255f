import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { emptyTree, isTree, type ValuesNode } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'

export type Scalar = string | number | boolean | null

/** Called with each scalar of a tree and its counterpart in another; undefined when there is none. */
export type Visit = (path: LeafPath, value: Scalar, twin: Scalar | undefined) => void

/** Scalars after which the walk may pause. */
const scalarsAtOnce = 1_000

/**
 * Walks through two trees in parallel. The path passed to the visitor is mutated as the walk goes on: trees have
 * millions of scalars, and few of their paths are ever needed.
 *
 * @param withEmpty also visits empty lists and mappings, as `[]` and `{}`: `[{}]` has no scalar but differs from `[]`
 */
export function* walkBeside(
  tree: ValuesNode,
  other: ValuesNode | undefined,
  visit: Visit,
  withEmpty = false,
): Steps<void> {
  const path: (string | number)[] = []
  let count = 0
  const walk = function* (node: ValuesNode, twin: ValuesNode | undefined): Steps<void> {
    const empty = withEmpty ? emptyText(node) : undefined
    if (empty !== undefined) {
      visit(path, empty, emptyText(twin) ?? (isScalar(twin) ? null : undefined))
      count += 1
      if (count % scalarsAtOnce === 0) yield
    } else if (Array.isArray(node)) {
      const twins = Array.isArray(twin) ? twin : []
      for (const [index, item] of node.entries()) {
        path.push(index)
        yield* walk(item, twins[index])
        path.pop()
      }
    } else if (isTree(node)) {
      const twins = isTree(twin) ? twin : emptyTree()
      for (const [key, item] of Object.entries(node)) {
        path.push(key)
        yield* walk(item, Object.hasOwn(twins, key) ? twins[key] : undefined)
        path.pop()
      }
    } else {
      visit(path, node, isScalar(twin) ? twin : withEmpty ? emptyText(twin) : undefined)
      count += 1
      if (count % scalarsAtOnce === 0) yield
    }
  }
  yield* walk(tree, other)
}

function emptyText(node: ValuesNode | undefined): string | undefined {
  if (Array.isArray(node)) return node.length === 0 ? '[]' : undefined
  return isTree(node) && Object.keys(node).length === 0 ? '{}' : undefined
}

function isScalar(node: ValuesNode | undefined): node is Scalar {
  return node !== undefined && (typeof node !== 'object' || node === null)
}
