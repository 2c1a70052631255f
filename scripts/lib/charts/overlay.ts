import { isScalar, parseDocument, type Scalar } from 'yaml'
import type { LeafPath } from '../model/leaf-path.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../model/values.ts'

/**
 * Lays values over the text of a values.yaml. A scalar that is there is replaced in its place, so that comments, order
 * and layout stay as they are; what is not there is added.
 */
export function overlayValues(text: string, values: ValuesTree): string {
  const document = parseDocument(text)
  const missing: (readonly [LeafPath, ValuesNode])[] = []
  const found: { readonly scalar: Scalar; readonly value: string }[] = []
  for (const [path, value] of leavesOf(values)) {
    const node: unknown = document.getIn(path, true)
    const isInPlace = isScalar(node) && node.range && typeof value === 'string' && !node.anchor
    if (isInPlace) found.push({ scalar: node, value })
    else missing.push([path, value])
  }
  let spliced = text
  const startOf = ({ scalar }: (typeof found)[number]) => scalar.range?.[0] ?? 0
  for (const { scalar, value } of found.toSorted((a, b) => startOf(b) - startOf(a))) {
    spliced = replaceScalar(spliced, scalar, value)
  }
  if (missing.length === 0) return spliced
  const rest = parseDocument(spliced)
  for (const [path, value] of missing) setDeep(rest, path, value)
  return rest.toString({ lineWidth: 0 })
}

/** `setIn` fails below a null or an empty string, which values files use for "nothing yet". */
function setDeep(
  document: ReturnType<typeof parseDocument>,
  path: LeafPath,
  value: ValuesNode,
): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length)
    const node: unknown = document.getIn(above, true)
    if (node === undefined || isScalar(node)) document.setIn(above, document.createNode({}))
  }
  document.setIn(path, value)
}

function replaceScalar(text: string, { range, type }: Scalar, value: string): string {
  const [start = 0, end = 0] = range ?? []
  const quote = type === 'QUOTE_SINGLE' ? "'" : '"'
  const isPlain = type === 'PLAIN' && end > start && /^[a-z0-9][\w./:@-]*$/i.test(value)
  // An empty scalar has no place of its own behind its colon.
  const gap = end === start && !/\s/.test(text[start - 1] ?? ' ') ? ' ' : ''
  return `${text.slice(0, start)}${gap}${isPlain ? value : `${quote}${value}${quote}`}${text.slice(end)}`
}

function* leavesOf(
  tree: ValuesTree,
  path: LeafPath = [],
): Generator<readonly [LeafPath, ValuesNode]> {
  for (const [key, value] of Object.entries(tree)) {
    const here = [...path, key]
    if (isTree(value) && Object.keys(value).length > 0) yield* leavesOf(value, here)
    else yield [here, value]
  }
}

/** Says in Chart.yaml what was changed, and from which source. */
export function annotateChart(
  text: string,
  changes: readonly string[],
  sourceDigest: string,
): string {
  const document = parseDocument(text)
  setDeep(document, ['annotations', 'ecr-airlift/source-digest'], sourceDigest)
  setDeep(document, ['annotations', 'ecr-airlift/changed'], changes.join(', '))
  return document.toString({ lineWidth: 0 })
}
