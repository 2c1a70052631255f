import { isDeepStrictEqual } from 'node:util'
import { type Document, isAlias, isScalar, type Scalar } from 'yaml'
import type { LeafPath } from '../../model/values/leaf-path.ts'
import { escapeUnreadable } from '../../model/tree/json.ts'
import { isTree, layerValues, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import { parseBounded } from '../../sources/yaml/bounded.ts'
import { type Dialect, helmDialect, verbatimDialect } from '../../sources/yaml/dialect.ts'
import { resolveAsHelm } from '../../sources/yaml/helm-scalar.ts'
import { readHelmYaml } from '../../sources/yaml/helm-yaml.ts'
import { printYaml, quoteForHelm } from '../../sources/yaml/print.ts'
import { loadYaml } from '../chart/metadata.ts'

type Inline = string | number | boolean

function isInline(value: ValuesNode): value is Inline {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Single-line scalars; block scalars are rewritten. */
const inline: ReadonlySet<unknown> = new Set(['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'])

/** For editing: keys are found by their text, and lines end where helm ends them. */
const editing: Dialect = { ...verbatimDialect, breaks: helmDialect.breaks }

/**
 * Lays values over the text of a values.yaml. Replaces existing scalars in place, so that comments, order and layout
 * stay; adds missing ones. If the edited text would not mean the same, prints the whole file again. Throws
 * `ProblemError` for a text that helm cannot read.
 */
export function overlayValues(text: string, values: ValuesTree): string {
  const base = loadYaml(text, 'values.yaml')
  const wanted = isTree(base) ? layerValues(base, values) : values
  const edited = editText(text, values)
  const read =
    edited === undefined ? undefined : readHelmYaml({ file: 'values.yaml', text: edited })
  const isAsWanted = read?.ok === true && isDeepStrictEqual(read.value, wanted)
  return edited !== undefined && isAsWanted ? edited : printYaml(wanted)
}

/** Returns the text with the values set in place, or undefined if it cannot be edited that way. */
function editText(text: string, values: ValuesTree): string | undefined {
  const document = parseForEdit(text)
  if (document === undefined) return undefined
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
  const rest = parseForEdit(spliced)
  if (rest === undefined) return undefined
  // What is below an alias belongs to its anchor. What shares an anchor is noticed when the text is read again.
  if (missing.some(([path]) => leadsThroughAlias(rest, path))) return undefined
  for (const [path, value] of missing) setDeep(rest, path, value)
  return print(rest)
}

/**
 * Returns the text of an edited document, or undefined if the library reads but cannot print it, such as a lone `?
 * key`.
 */
function print(document: Document.Parsed): string | undefined {
  try {
    return document.toString({ lineWidth: 0 })
  } catch {
    return undefined
  }
}

function parseForEdit(text: string): Document.Parsed | undefined {
  const { document, faults } = parseBounded(text, editing)
  return faults.length === 0 ? document : undefined
}

function leadsThroughAlias(document: Document.Parsed, path: LeafPath): boolean {
  return path.some((_, length) => isAlias(document.getIn(path.slice(0, length), true)))
}

/** `setIn` fails below a null or an empty string, which values files use as placeholders. */
function setDeep(document: Document.Parsed, path: LeafPath, value: ValuesNode): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length)
    const node: unknown = document.getIn(above, true)
    if (node === undefined || isScalar(node)) document.setIn(above, document.createNode({}))
  }
  const node = document.createNode(value, { aliasDuplicateObjects: false })
  quoteForHelm(node)
  document.setIn(path, node)
}

function replaceScalar(text: string, { range, type }: Scalar, value: Inline): string {
  const [start = 0, end = 0] = range ?? []
  // An empty scalar has no position of its own after its colon.
  const gap = end === start && !/\s/.test(text[start - 1] ?? ' ') ? ' ' : ''
  const after = end === start && /\S/.test(text[end] ?? ' ') ? ' ' : ''
  return `${text.slice(0, start)}${gap}${spell(value, type)}${after}${text.slice(end)}`
}

/** Returns a scalar that helm reads back as the value, in the previous style if possible. */
function spell(value: Inline, type: Scalar['type']): string {
  if (typeof value !== 'string') return String(value)
  const quoted = escapeUnreadable(JSON.stringify(value))
  if (type === 'QUOTE_SINGLE' && quoted === JSON.stringify(value) && !value.includes('\n')) {
    return `'${value.replaceAll("'", "''")}'`
  }
  const isPlain =
    type === 'PLAIN' &&
    /^[a-z0-9](?:[\w./:@-]*[\w./@-])?$/i.test(value) &&
    resolveAsHelm(value) === value
  return isPlain ? value : quoted
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

/** Records the changes and their source in Chart.yaml. */
export function annotateChart(
  text: string,
  changes: readonly string[],
  sourceDigest: string,
): string {
  const document = parseForEdit(text)
  if (document === undefined) throw new Error('a Chart.yaml that was read cannot be edited')
  setDeep(document, ['annotations', 'ecr-airlift/source-digest'], sourceDigest)
  setDeep(document, ['annotations', 'ecr-airlift/changed'], changes.join(', '))
  return document.toString({ lineWidth: 0 })
}
