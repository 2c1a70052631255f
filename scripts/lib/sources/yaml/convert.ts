import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Scalar } from 'yaml'
import {
  costOf,
  faultOfNumber,
  faultOfText,
  maximumAliased,
  type TreeFault,
} from '../../model/tree/check.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import {
  cloneNode,
  emptyTree,
  isTree,
  type ValuesNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import { binaryTag, decodeBinary } from './binary.ts'
import type { TextFault } from './bounded.ts'
import type { Dialect } from './dialect.ts'

/** An anchored value, and the cost of another copy of it. */
interface Anchored {
  readonly node: ValuesNode
  readonly cost: number
}

interface Reading {
  readonly dialect: Dialect
  readonly anchors: Map<string, Anchored>
  readonly faults: TextFault[]
  /** The cost of what was read so far, including copies, and the cost of the copies. */
  cost: number
  aliased: number
}

/**
 * Turns a syntax tree into a checked values tree. Takes time proportional to the text, however much its aliases expand
 * to: the cost of a copy is known before it is made. The depth has been checked by `parseBounded`.
 */
export function convertDocument(
  { contents }: Document.Parsed,
  dialect: Dialect,
): { readonly node: ValuesNode; readonly faults: readonly TextFault[] } {
  const reading: Reading = { dialect, anchors: new Map(), faults: [], cost: 0, aliased: 0 }
  const node = convert(contents, reading)
  return { node, faults: reading.faults }
}

function convert(node: unknown, reading: Reading): ValuesNode {
  if (isAlias(node)) return copyOf(node.source, offsetOf(node), reading)
  const before = reading.cost
  const converted = convertOwn(node, reading)
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
  if (anchor !== undefined) {
    reading.anchors.set(anchor, { node: converted, cost: reading.cost - before })
  }
  return converted
}

function convertOwn(node: unknown, reading: Reading): ValuesNode {
  if (isScalar(node)) return convertScalar(node, reading)
  reading.cost += 1
  if (isMap(node)) return convertMap(node.items, reading)
  if (isSeq(node)) return node.items.map((item) => convert(item, reading))
  return node === null || node === undefined ? null : fail('kind', node, reading)
}

function copyOf(anchor: string, offset: number, reading: Reading): ValuesNode {
  const known = reading.anchors.get(anchor)
  if (known === undefined) {
    const message = `alias refers to anchor "${anchor}", which is undefined or incomplete at this point`
    reading.faults.push({ offset, message })
    return null
  }
  reading.cost += known.cost
  reading.aliased += known.cost
  if (reading.aliased <= maximumAliased) return cloneNode(known.node)
  // One is enough: every further alias would add another.
  if (reading.aliased - known.cost <= maximumAliased) {
    reading.faults.push({ offset, message: describeTreeFault('aliases') })
  }
  return null
}

/** Tags with which YAML 1.1 converts quoted text to a value. */
const typed = /^tag:yaml\.org,2002:(?:int|float|bool|null)$/

/** Returns the value of a scalar, converted by its tag if the dialect's reader does not handle tags. */
function valueOf({ source = '', tag = '', value }: Scalar, { typeOf }: Dialect): unknown {
  if (typeOf !== undefined && typed.test(tag)) return typeOf(source)
  if (typeOf !== undefined && tag === binaryTag) return decodeBinary(source)
  return value
}

function convertScalar(scalar: Scalar, reading: Reading): ValuesNode {
  const { source } = scalar
  const value = valueOf(scalar, reading.dialect)
  reading.cost += typeof value === 'string' ? costOf(value) : 1
  if (typeof value === 'string') return checked(faultOfText(value), value, scalar, reading)
  if (typeof value === 'number') return checked(faultOfNumber(value), value, scalar, reading)
  if (typeof value === 'boolean' || value === null) return value
  // To helm, a date is text.
  return value instanceof Date && source !== undefined ? source : fail('kind', scalar, reading)
}

function checked<T extends ValuesNode>(
  fault: TreeFault | undefined,
  value: T,
  node: unknown,
  reading: Reading,
): T | null {
  return fault === undefined ? value : fail(fault, node, reading)
}

function fail(fault: TreeFault, node: unknown, reading: Reading): null {
  reading.faults.push({ offset: offsetOf(node), message: describeTreeFault(fault) })
  return null
}

function convertMap(items: readonly unknown[], reading: Reading): ValuesTree {
  const tree = emptyTree()
  const written = new Set<string>()
  for (const pair of items) {
    if (!isPair(pair)) continue
    if (reading.dialect.merges && isMerge(pair.key)) {
      merge(tree, pair.value, reading)
      continue
    }
    const key = readKey(pair.key, reading)
    const value = convert(pair.value, reading)
    if (key === undefined) continue
    if (written.has(key) && reading.dialect.equalKeys === 'refuse') {
      reading.faults.push({ offset: offsetOf(pair.key), message: 'Map keys must be unique' })
    }
    written.add(key)
    tree[key] = value
  }
  return tree
}

function readKey(node: unknown, reading: Reading): string | undefined {
  const key = textOfKey(node, reading)
  const fault = key === undefined ? undefined : faultOfText(key)
  if (key !== undefined && fault === undefined) {
    reading.cost += costOf(key) - 1
    if (isScalar(node) && node.anchor !== undefined) {
      reading.anchors.set(node.anchor, { node: key, cost: costOf(key) })
    }
    return key
  }
  const message = fault === undefined ? 'a key must be a string' : describeTreeFault(fault)
  reading.faults.push({ offset: offsetOf(node), message })
  return undefined
}

function textOfKey(node: unknown, reading: Reading): string | undefined {
  if (isAlias(node)) {
    const named = reading.anchors.get(node.source)?.node
    return typeof named === 'string' ? named : undefined
  }
  if (!isScalar(node)) return undefined
  const { value, source, type, tag } = node
  const isPlain = type === 'PLAIN' && tag === undefined
  if (isPlain) return reading.dialect.keyOf(source ?? '', value)
  if (reading.dialect.typeOf !== undefined && tag === binaryTag) return decodeBinary(source ?? '')
  return typeof value === 'string' ? value : source
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<'
}

/**
 * Merges keys of other mappings as go-yaml does: they override earlier keys, and the first of several mappings wins.
 */
function merge(tree: ValuesTree, node: unknown, reading: Reading): void {
  const source = convert(node, reading)
  const layers = Array.isArray(source) ? source.toReversed() : [source]
  for (const layer of layers) {
    if (isTree(layer)) Object.assign(tree, layer)
    else {
      const message = 'only mappings can be merged with "<<"'
      reading.faults.push({ offset: offsetOf(node), message })
    }
  }
}

function offsetOf(node: unknown): number {
  const isRanged = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
  return (isRanged ? node.range?.[0] : undefined) ?? 0
}
