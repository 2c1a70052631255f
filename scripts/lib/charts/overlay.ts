import { isScalar, parse, parseDocument, stringify, visit, type Scalar } from 'yaml'
import type { LeafPath } from '../model/leaf-path.ts'
import { isTree, layerValues, type ValuesNode, type ValuesTree } from '../model/values.ts'

type Inline = string | number | boolean

function isInline(value: ValuesNode): value is Inline {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Scalars that stand in one line; blocks of text are written anew. */
const inline: ReadonlySet<unknown> = new Set(['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'])

/**
 * Lays values over the text of a values.yaml. A scalar that is there is replaced in its place, so that comments, order
 * and layout stay as they are; what is not there is added.
 */
export function overlayValues(text: string, values: ValuesTree): string {
  const document = parseDocument(text, { merge: true })
  // A value below an anchor is that of its aliases too: written out, each can have its own.
  if (hasAliases(document)) {
    const whole: unknown = document.toJS()
    return stringify(isTree(whole) ? layerValues(whole, values) : values, { lineWidth: 0 })
  }
  const missing: (readonly [LeafPath, ValuesNode])[] = []
  const found: { readonly scalar: Scalar; readonly value: Inline }[] = []
  for (const [path, value] of leavesOf(values)) {
    const node: unknown = document.getIn(path, true)
    const isInPlace = isScalar(node) && inline.has(node.type) && isInline(value) && !node.anchor
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

function hasAliases(document: ReturnType<typeof parseDocument>): boolean {
  let found = false
  visit(document, {
    Alias: () => {
      found = true
      return visit.BREAK
    },
  })
  return found
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
  document.setIn(path, document.createNode(value))
}

function replaceScalar(text: string, { range, type }: Scalar, value: Inline): string {
  const [start = 0, end = 0] = range ?? []
  // An empty scalar has no place of its own behind its colon.
  const gap = end === start && !/\s/.test(text[start - 1] ?? ' ') ? ' ' : ''
  const after = end === start && /\S/.test(text[end] ?? ' ') ? ' ' : ''
  return `${text.slice(0, start)}${gap}${spell(value, type)}${after}${text.slice(end)}`
}

/** A scalar that reads back as the value, in the style of the one before where that is possible. */
function spell(value: Inline, type: Scalar['type']): string {
  if (typeof value !== 'string') return String(value)
  if (type === 'QUOTE_SINGLE' && !value.includes('\n')) return `'${value.replaceAll("'", "''")}'`
  const isPlain = type === 'PLAIN' && /^[a-z0-9][\w./:@-]*$/i.test(value) && parse(value) === value
  return isPlain ? value : JSON.stringify(value)
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
