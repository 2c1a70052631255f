import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { maximumAliased, maximumDepth } from '../../model/tree/check.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import type { LocatedFault } from './faults.ts'
import type { LocatedEntry, LocatedMap, LocatedNode, LocatedScalar, Position } from './node.ts'
import { keyOfScalar } from './scalar.ts'
import { blockStart, readTagged, templateIn } from './scalar-node.ts'

/** The parsed text of a document, and its metadata. */
export interface ComposeInput {
  /** The parsed text. */
  readonly text: string
  /** The text in the file: of the same length, with the templates that stand-ins replaced. */
  readonly original: string
  readonly positionOf: (offset: number) => Position
  /** See `ParseOptions`. */
  readonly printedAfter: (offset: number) => string | undefined
}

export interface ComposedText {
  /** Undefined for a document without content. */
  readonly root: LocatedNode | undefined
  readonly faults: readonly LocatedFault[]
}

/**
 * Converts a document to located data, and handles keys, merges and aliases as helm does: a merge sets its keys at its
 * position, so later keys override it and it overrides earlier ones. Seen with helm 4.2.4.
 */
export function composeDocument(document: Document.Parsed, input: ComposeInput): ComposedText {
  const faults: LocatedFault[] = []
  /** Entries added by merges. */
  let merged = 0
  const anchors = new Map<string, LocatedNode | 'open'>()
  const at = (node: unknown): Position => input.positionOf(startOf(node))
  const fail = (node: unknown, message: string): LocatedScalar => {
    faults.push({ at: at(node), message })
    return emptyScalar(at(node))
  }

  const compose = (node: Node | null): LocatedNode => {
    if (isAlias(node)) return resolve(node)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor !== undefined) anchors.set(anchor, 'open')
    const made = make(node)
    if (anchor !== undefined) anchors.set(anchor, made)
    return made
  }
  const make = (node: Node | null): LocatedNode => {
    if (isMap(node)) return composeMap(node)
    if (isSeq(node)) return composeList(node)
    return isScalar(node) ? composeScalar(node) : emptyScalar(at(node))
  }
  const resolve = (alias: Alias): LocatedNode => {
    const target = anchors.get(alias.source)
    if (target === undefined) return fail(alias, `unknown anchor "${alias.source}"`)
    return target === 'open' ? fail(alias, `anchor "${alias.source}" contains itself`) : target
  }

  const composeScalar = (node: Scalar, isKey = false): LocatedScalar => {
    const [start = 0, end = 0] = node.range ?? []
    const raw = input.original.slice(start, end)
    const template = templateIn(raw)
    // A stand-in is not a value: the text in the file counts.
    const isInLine = node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED'
    const isStandIn = isInLine && template !== undefined && raw !== input.text.slice(start, end)
    const text = isStandIn ? raw.replace(/^(["'])([^]*)\1$/, '$2') : (node.source ?? '')
    const read = isStandIn ? undefined : readTagged(node, isKey)
    if (read?.ok === false) return fail(node, read.problem)
    const block = node.type === 'BLOCK_LITERAL' ? blockStart(raw, text) : undefined
    const line = at(node).line
    return {
      kind: 'scalar',
      at: at(node),
      size: 1 + (text.length >>> 6),
      height: 0,
      value: read === undefined ? text : read.value.value,
      text,
      ...(template !== undefined && { template }),
      ...(block && { blockAt: { line: line + block.line, column: block.column } }),
    }
  }
  const composeList = (node: YAMLSeq): LocatedNode => {
    // An ordered map (`!!omap`) is a list of pairs; to helm, a list of maps with one key.
    const items = node.items.map((item) =>
      isPair(item) ? composePairs([item], node) : compose(asNode(item)),
    )
    return { kind: 'list', at: at(node), ...measure(items), items }
  }
  const composeMap = (node: YAMLMap) => composePairs(node.items, node)
  const composePairs = (pairs: readonly Pair[], node: Node): LocatedNode => {
    const entries = new Map<string, LocatedEntry>()
    const own = new Map<string, LocatedEntry>()
    const replaced: LocatedEntry[] = []
    for (const pair of pairs) {
      if (isMerge(pair)) {
        for (const source of mergedMaps(pair)) {
          merged += source.entries.size
          if (merged > maximumAliased) continue
          for (const [key, entry] of source.entries) entries.set(key, entry)
        }
        continue
      }
      const entry = composeEntry(pair)
      if (entry === undefined) continue
      const twin = own.get(entry.key)
      if (twin !== undefined) replaced.push(twin)
      own.set(entry.key, entry)
      entries.set(entry.key, entry)
    }
    const measures = measure([...entries.values(), ...replaced].map(({ value }) => value))
    return { kind: 'map', at: at(node), ...measures, entries, replaced }
  }
  const composeEntry = (pair: Pair): LocatedEntry | undefined => {
    const name = asNode(pair.key)
    const key = composeKey(name, pair)
    const value = compose(asNode(pair.value))
    if (key.kind !== 'scalar') {
      fail(pair.key, 'a mapping or a list cannot be a key')
      return undefined
    }
    const text = keyText(name, key)
    if (text === undefined) {
      fail(pair.key ?? pair.value, `"${key.text}" cannot be a key: helm rejects it`)
      return undefined
    }
    const isEmpty = value.kind === 'scalar' && value.text === '' && value.value === null
    const printed = isEmpty ? input.printedAfter(endOf(pair.key)) : undefined
    return {
      key: text,
      keyAt: key.at,
      ...(key.template !== undefined && { keyTemplate: key.template }),
      value:
        printed === undefined
          ? value
          : { ...emptyScalar(value.at), value: printed, text: printed, template: printed },
    }
  }
  const composeKey = (name: Node | null, pair: Pair): LocatedNode => {
    if (name === null) return emptyScalar(at(pair.value))
    if (!isScalar(name)) return compose(name)
    const key = composeScalar(name, true)
    if (name.anchor !== undefined) anchors.set(name.anchor, key)
    return key
  }
  const mergedMaps = (pair: Pair): LocatedMap[] => {
    const value = compose(asNode(pair.value))
    const sources = value.kind === 'list' ? value.items.toReversed() : [value]
    const maps = sources.filter((source) => source.kind === 'map')
    if (maps.length === sources.length) return maps
    fail(pair.value ?? pair.key, 'a merge key needs a mapping or a list of mappings')
    return []
  }

  const root = document.contents === null ? undefined : compose(document.contents)
  // Aliases of aliases are deeper and larger than their text.
  if (root !== undefined && root.height > maximumDepth) {
    fail(document.contents, describeTreeFault('depth'))
  } else if (
    merged > maximumAliased ||
    (root !== undefined && root.size > input.text.length + maximumAliased)
  ) {
    fail(document.contents, describeTreeFault('aliases'))
  }
  return { root, faults }
}

/** Returns the key that helm makes of a scalar; undefined for one that it rejects. */
function keyText(name: Node | null, key: LocatedScalar): string | undefined {
  if (key.template !== undefined || !isScalar(name)) return isNull(key) ? undefined : key.text
  const read = readTagged(name, true)
  return read.ok ? keyOfScalar(read.value) : key.text
}

function isNull({ value }: LocatedScalar): boolean {
  return value === null
}

/** True for a plain `<<`; a quoted or tagged one is an ordinary key. */
function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && key.tag === undefined
}

function emptyScalar(at: Position): LocatedScalar {
  return { kind: 'scalar', at, size: 1, height: 0, value: null, text: '' }
}

function measure(nodes: readonly LocatedNode[]): {
  readonly size: number
  readonly height: number
} {
  let [size, height] = [1, 0]
  for (const node of nodes) {
    size += node.size
    height = Math.max(height, node.height)
  }
  return { size, height: height + 1 }
}

function asNode(node: unknown): Node | null {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node : null
}

function startOf(node: unknown): number {
  return asNode(node)?.range?.[0] ?? 0
}

function endOf(node: unknown): number {
  return asNode(node)?.range?.[1] ?? 0
}
