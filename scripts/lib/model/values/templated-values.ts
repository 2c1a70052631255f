import type { LeafPath } from './leaf-path.ts'
import { emptyTree, isTree, type ValuesNode, type ValuesTree } from './values.ts'

/** True for text that contains a Go template. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{')
}

/** Returns the replacement of a templated leaf; undefined to drop it. */
export type FillTemplate = (path: LeafPath, text: string) => ValuesNode | undefined

/**
 * Returns values without their templated leaves, except for filled ones. Drops a list or mapping that becomes empty, so
 * that the chart's default stays.
 */
export function fillTemplates(
  written: ValuesTree,
  fill: FillTemplate = () => undefined,
): ValuesTree {
  const filled = fillNode(written, [], fill)
  return isTree(filled) ? filled : emptyTree()
}

function fillNode(node: ValuesNode, path: LeafPath, fill: FillTemplate): ValuesNode | undefined {
  if (typeof node === 'string') return hasTemplate(node) ? fill(path, node) : node
  if (Array.isArray(node)) {
    const items = node.flatMap((item, index) => {
      const filled = fillNode(item, [...path, index], fill)
      return filled === undefined ? [] : [filled]
    })
    return items.length === 0 && node.length > 0 ? undefined : items
  }
  if (!isTree(node)) return node
  const entries = Object.entries(node)
  const tree = emptyTree()
  for (const [key, child] of entries) {
    // A templated key is as unknown as a templated value.
    if (hasTemplate(key)) continue
    const filled = fillNode(child, [...path, key], fill)
    if (filled !== undefined) tree[key] = filled
  }
  return Object.keys(tree).length === 0 && entries.length > 0 ? undefined : tree
}
