import type { FilePlace, TemplatedLeaf, UnreadValues } from '../../model/chart/addon.ts'
import type { LeafPath } from '../../model/values/leaf-path.ts'
import { hasTemplate } from '../../model/values/templated-values.ts'
import {
  layerValues,
  setNode,
  treeFrom,
  type ValuesNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import type { LocatedFault } from '../located/faults.ts'
import {
  type LocatedMap,
  type LocatedNode,
  type LocatedScalar,
  type Position,
} from '../located/node.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import { templateIn } from '../located/scalar-node.ts'
import { readTemplatedText } from '../values/templated-yaml.ts'
import { spend } from './allowance.ts'
import { type AddonsFile, listAt, mapAt } from './fields.ts'
import { readParameters } from './parameters.ts'

/** The values that an add-on sets for its chart. */
export interface OwnValues {
  /** Values with the text of their templates. */
  readonly written: ValuesTree
  readonly templated: readonly TemplatedLeaf[]
  readonly unread: readonly UnreadValues[]
}

/** Keys of an add-on that contain values: nothing below them is an add-on. */
export const valuesKeys: ReadonlySet<string> = new Set(['valuesObject', 'values', 'helm'])

/**
 * Reads the values of an add-on: a mapping, or YAML text, in the add-on itself or under its `helm`, as in Argo CD;
 * `parameters` override both, and `valuesObject` overrides `values`. Fails for text that is not YAML.
 */
export function readOwnValues(
  addon: LocatedMap,
  file: AddonsFile,
): Result<OwnValues, LocatedFault> {
  const helm = mapAt(addon, 'helm')
  const owners = helm === undefined ? [addon] : [helm, addon]
  const found = owners.flatMap(
    (owner) => owner.entries.get('valuesObject') ?? owner.entries.get('values') ?? [],
  )
  const given = found.find(({ value }) => value.kind !== 'list' && !isEmpty(value))?.value
  const reader = createReader(file)
  const read = given === undefined ? treeFrom([]) : reader.readRoot(given)
  if ('fault' in reader.state) return failure(reader.state.fault)
  const parameters = readParameters(helm === undefined ? [] : listAt(helm, 'parameters'))
  if (!parameters.ok) return parameters
  for (const { text, at } of parameters.value.unnamed) reader.noteUnread(text, at)
  for (const { text, at } of templatedSettings(addon, helm)) reader.noteUnread(text, at)
  const over = treeFrom([])
  for (const { path, value, at } of parameters.value.named) {
    // An index fills its list up to it.
    const filled = path.reduce<number>((sum, key) => sum + (typeof key === 'number' ? key : 1), 0)
    if (!spend(file.allowance, { values: filled }, at)) break
    if (typeof value === 'string') reader.note(path, value, at)
    setNode(over, path, value)
  }
  const written = layerValues(read, over)
  const files = owners.flatMap((owner) => [
    ...listAt(owner, 'valueFiles'),
    ...listAt(owner, 'fileParameters'),
  ])
  const names = files.flatMap((node) => {
    const path = node.kind === 'map' ? node.entries.get('path')?.value : node
    return path?.kind === 'scalar' ? [path.text] : []
  })
  return success({
    written,
    templated: reader.state.templated,
    unread: [
      ...reader.state.unread,
      ...(names.length > 0 && files[0] !== undefined
        ? [{ kind: 'value-files' as const, names, place: placeIn(file, files[0].at) }]
        : []),
    ],
  })
}

/** Settings of which each contains values of the chart. */
const settingsWithValues = ['valueFiles', 'parameters', 'fileParameters'] as const

/** Returns the templates that print such a setting as a whole. */
function templatedSettings(addon: LocatedMap, helm: LocatedMap | undefined): LocatedScalar[] {
  const nodes = [
    addon.entries.get('helm')?.value,
    ...[addon, helm].flatMap((owner) =>
      settingsWithValues.map((key) => owner?.entries.get(key)?.value),
    ),
  ]
  return nodes.flatMap((node) => (node?.kind === 'scalar' && hasTemplate(node.text) ? [node] : []))
}

function isEmpty(node: LocatedNode): boolean {
  return node.kind === 'scalar' && node.text === ''
}

function placeIn({ file }: AddonsFile, { line, column }: Position): FilePlace {
  return { file, line, column }
}

interface ReaderState {
  readonly templated: TemplatedLeaf[]
  readonly unread: UnreadValues[]
  fault?: LocatedFault
}

function createReader(file: AddonsFile) {
  const state: ReaderState = { templated: [], unread: [] }
  const note = (path: LeafPath, text: string, at: Position): void => {
    const template = templateIn(text)
    if (template !== undefined) {
      state.templated.push({ path, template, place: placeIn(file, at) })
    }
  }
  const noteUnread = (text: string, at: Position): void => {
    const names = [templateIn(text) ?? '']
    state.unread.push({ kind: 'template', names, place: placeIn(file, at) })
  }
  const read = (
    node: LocatedNode,
    path: LeafPath,
    { isBranched }: Pick<AddonsFile, 'isBranched'>,
  ): ValuesNode => {
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string') note(path, node.value, node.at)
      return node.value
    }
    if (node.kind === 'list') {
      return node.items.map((item, index) => read(item, [...path, index], { isBranched }))
    }
    const replaced = new Map(node.replaced.map((one) => [one.key, one]))
    const entries = [...node.entries].map(([key, entry]): readonly [string, ValuesNode] => {
      const earlier = replaced.get(key)
      const alternative =
        earlier !== undefined && isBranched(earlier.keyAt, entry.keyAt) ? earlier : undefined
      const own = [...path, key]
      if (alternative !== undefined) {
        const text = `{{ if … }} line ${alternative.keyAt.line} {{ else }} line ${entry.keyAt.line}`
        note(own, text, entry.keyAt)
        return [key, text]
      }
      if (!hasTemplate(key)) return [key, read(entry.value, own, { isBranched })]
      note(own, key, entry.keyAt)
      // Any value of the chart may be set here.
      noteUnread(key, entry.keyAt)
      return [key, null]
    })
    return treeFrom(entries)
  }
  const readText = (node: LocatedScalar): ValuesTree => {
    const text = readTemplatedText(node.text, (position) => inBlock(node, position))
    const [fault] = text.faults
    if (fault !== undefined) state.fault = fault
    for (const { at, template } of text.printed) {
      state.unread.push({ kind: 'template', names: [template], place: placeIn(file, at) })
    }
    const [root] = text.documents
    if (root === undefined || (root.kind === 'scalar' && root.value === null)) return treeFrom([])
    if (root.kind === 'map') return asTree(read(root, [], text))
    state.fault ??= { at: root.at, message: 'values must be a mapping, as in a values file' }
    return treeFrom([])
  }
  const readRoot = (node: LocatedNode): ValuesTree => {
    if (node.kind === 'map') return asTree(read(node, [], file))
    return node.kind === 'scalar' && typeof node.value === 'string' ? readText(node) : treeFrom([])
  }
  return { state, note, noteUnread, readRoot }
}

function asTree(node: ValuesNode): ValuesTree {
  return typeof node === 'object' && node !== null && !Array.isArray(node) ? node : treeFrom([])
}

/**
 * Returns the position in the file of a position in a text: exact for literal blocks, else the position of the text.
 */
function inBlock({ at, blockAt }: LocatedScalar, { line, column }: Position): Position {
  if (blockAt === undefined) return at
  return { line: blockAt.line + line - 1, column: blockAt.column + column - 1 }
}
