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
    named.push({ path, value: readValue(given.text, isForced), at: given.at })
  }
  return success({ named, unnamed })
}

function textIn(map: LocatedMap, key: string): string | undefined {
  const node = map.entries.get(key)?.value
  return node?.kind === 'scalar' ? node.text : undefined
}

/** Reads a value as `--set` does, including lists in braces. */
function readValue(text: string, isForced: boolean): ValuesNode {
  if (isForced || hasTemplate(text)) return text
  const list = /^\{(.*)\}$/s.exec(text)?.[1]
  if (list !== undefined) return list === '' ? [] : list.split(',').map((item) => readWord(item))
  return readWord(text)
}

function readWord(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  // helm reads digits that do not start with a zero as an integer. Source: pkg/strvals, typedVal.
  return /^-?(?:0|[1-9]\d{0,17})$/.test(text) ? Number(text) : text
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
