import type { LeafPath } from '../../model/values/leaf-path.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import { maximumDepth } from '../../model/tree/check.ts'
import { hasTemplate } from '../../model/values/templated-values.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import type { LocatedFault } from '../located/faults.ts'
import type { LocatedMap, LocatedNode, LocatedScalar, Position } from '../located/node.ts'

/** One of the `parameters` of an Argo CD application, which are passed to helm with `--set`. */
export interface Parameter {
  readonly path: LeafPath
  readonly value: ValuesNode
  readonly at: Position
}

/** The `parameters` of an Argo CD application. */
export interface Parameters {
  readonly named: readonly Parameter[]
  /** Templates in the place of a parameter, or of its name: any value may be set with them. */
  readonly unnamed: readonly LocatedScalar[]
}

/**
 * Reads `parameters: [{ name, value, forceString }]`; ignores entries whose name is not a path. Fails for a path that is
 * deeper than YAML may be.
 */
export function readParameters(items: readonly LocatedNode[]): Result<Parameters, LocatedFault> {
  const named: Parameter[] = []
  const unnamed: LocatedScalar[] = []
  for (const item of items) {
    const owner = item.kind === 'map' ? item.entries.get('name')?.value : item
    if (owner?.kind === 'scalar' && hasTemplate(owner.text)) unnamed.push(owner)
    if (item.kind !== 'map') continue
    const name = textIn(item, 'name')
    const path = name === undefined ? undefined : parsePath(name)
    if (path !== undefined && path.length >= maximumDepth) {
      const message = `the parameter name has more than ${maximumDepth - 1} levels`
      return failure({ at: item.at, message })
    }
    const given = item.entries.get('value')?.value
    if (path === undefined || given?.kind !== 'scalar') continue
    const isForced = textIn(item, 'forceString') === 'true'
    const value = readValue(given.text, isForced)
    if (value === undefined) {
      const message =
        'helm does not read this value of a parameter: check its braces and backslashes'
      return failure({ at: given.at, message })
    }
    named.push({ path, value, at: given.at })
  }
  return success({ named, unnamed })
}

function textIn(map: LocatedMap, key: string): string | undefined {
  const node = map.entries.get(key)?.value
  return node?.kind === 'scalar' ? node.text : undefined
}

/**
 * Reads a value as helm's `--set` does, after Argo CD has escaped the commas in it: lists are in braces, and a backslash
 * stands before any character. Returns undefined for text that helm rejects.
 */
function readValue(text: string, isForced: boolean): ValuesNode | undefined {
  if (hasTemplate(text)) return text
  const read = (word: string) => readWord(word.replaceAll(/\\(.?)/gs, '$1'), isForced)
  if (!text.startsWith('{')) return read(text)
  const list = /^\{((?:[^\\}]|\\.)*)\}$/s.exec(text)?.[1]
  return list === undefined ? undefined : splitList(list).map(read)
}

/** Splits a list at its commas, except for those behind a backslash. */
function splitList(text: string): string[] {
  const items = ['']
  for (const [part] of text.matchAll(/\\.|[^\\,]+|,/gs)) {
    if (part === ',') items.push('')
    else items.push((items.pop() ?? '') + part)
  }
  return items
}

/** Source: helm's `pkg/strvals`, `typedVal`: it compares words with Go's `EqualFold`. */
function readWord(text: string, isForced: boolean): string | number | boolean | null {
  if (isForced) return text
  if (/^(?:true|false)$/iu.test(text)) return /^true$/iu.test(text)
  if (/^null$/iu.test(text)) return null
  if (text === '0') return 0
  const number = /^[+-]?\d+$/.test(text) && !text.startsWith('0') ? Number(text) : Number.NaN
  // A larger number would not be the same in JSON.
  return Number.isSafeInteger(number) ? number + 0 : text
}

/** Parses a path of `--set`: keys separated by dots, which a backslash escapes, and indices in brackets. */
function parsePath(text: string): LeafPath | undefined {
  const path: (string | number)[] = []
  const step = /\.?((?:[^.[\]\\=,]|\\.)+)|\[(\d{1,4})\]/sy
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return undefined
    const [, key, index] = match
    path.push(index === undefined ? (key ?? '').replaceAll(/\\(.)/gs, '$1') : Number(index))
  }
  return typeof path[0] === 'string' ? path : undefined
}
