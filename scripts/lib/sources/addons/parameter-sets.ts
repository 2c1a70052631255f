import { hasTemplate } from '../../model/values/templated-values.ts'
import type { LocatedMap, LocatedNode, LocatedScalar } from '../located/node.ts'
import { templateIn } from '../located/scalar-node.ts'
import { type Allowance, spend } from './allowance.ts'
import { entriesOf } from './fields.ts'

/**
 * Parameters that an ApplicationSet generator passes to its template, if known from the file: `values.addonChart` →
 * text.
 */
export type ParameterSet = ReadonlyMap<string, string>

/** Maximum sets that are tried: a matrix multiplies them. */
export const maximumSets = 200

/** One more than are read, to detect that there are more. */
const enough = maximumSets + 1

/**
 * Returns the parameter sets of an ApplicationSet: the elements of lists, the `values` of all other generators,
 * combinations for a matrix, and for a merge the first generator's sets with and without the overrides of later ones.
 *
 * @param allowance stops the combination when it is spent
 */
export function parameterSets(
  generators: readonly LocatedNode[],
  allowance: Allowance,
): {
  readonly sets: readonly ParameterSet[]
  /** True when there are more than were read. */
  readonly isCut: boolean
} {
  const sets = generators.flatMap((generator) => setsOf(generator, allowance))
  if (sets.length === 0) return { sets: [new Map()], isCut: false }
  return { sets: sets.slice(0, maximumSets), isCut: sets.length > maximumSets }
}

function setsOf(generator: LocatedNode, allowance: Allowance): readonly ParameterSet[] {
  const combine = (first: readonly ParameterSet[], second: readonly ParameterSet[]) =>
    multiply(first, second, (size) => spend(allowance, { values: size }, generator.at))
  return entriesOf(generator).flatMap(([kind, node]): readonly ParameterSet[] => {
    if (node.kind !== 'map') return []
    const nested = node.entries.get('generators')?.value ?? node
    const children =
      nested.kind === 'list' ? nested.items.map((child) => setsOf(child, allowance)) : []
    switch (kind) {
      case 'list': {
        const elements = node.entries.get('elements')?.value
        return elements?.kind === 'list'
          ? elements.items.map((one) => flatten(one, ''))
          : [new Map()]
      }
      case 'matrix':
        return children.reduce(combine, [new Map()])
      case 'merge': {
        const [first = [], ...others] = children
        return [...first, ...others.flatMap((sets) => combine(first, sets))].slice(0, enough)
      }
      case 'selector':
        return []
      default: {
        const values = node.entries.get('values')?.value
        return [values === undefined ? new Map() : flatten(values, 'values.')]
      }
    }
  })
}

function multiply(
  first: readonly ParameterSet[],
  second: readonly ParameterSet[],
  hasAllowance: (size: number) => boolean,
): ParameterSet[] {
  const sets: ParameterSet[] = []
  for (const one of first) {
    for (const other of second) {
      if (sets.length === enough || !hasAllowance(one.size + other.size)) return sets
      sets.push(new Map([...one, ...other]))
    }
  }
  return sets
}

function flatten(node: LocatedNode, prefix: string): ParameterSet {
  const set = new Map<string, string>()
  const visit = (child: LocatedNode, path: string) => {
    if (child.kind === 'scalar') set.set(path, child.text)
    else for (const [key, value] of entriesOf(child)) visit(value, `${path}.${key}`)
  }
  for (const [key, value] of entriesOf(node)) visit(value, prefix + key)
  return set
}

const reference = /\{\{-?\s*\.?([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*-?\}\}/g

/** Returns a node with the known parameters filled in, as far as the allowance goes; other templates stay. */
export function fillParameters(
  node: LocatedNode,
  set: ParameterSet,
  allowance: Allowance,
): LocatedNode {
  switch (node.kind) {
    case 'scalar':
      return fillScalar(node, set, allowance)
    case 'list':
      return { ...node, items: node.items.map((item) => fillParameters(item, set, allowance)) }
    case 'map':
      return fillMap(node, set, allowance)
  }
}

function fillMap(map: LocatedMap, set: ParameterSet, allowance: Allowance): LocatedMap {
  const entries = [...map.entries].map(
    ([key, entry]) =>
      [key, { ...entry, value: fillParameters(entry.value, set, allowance) }] as const,
  )
  return { ...map, entries: new Map(entries) }
}

function fillScalar(scalar: LocatedScalar, set: ParameterSet, allowance: Allowance): LocatedScalar {
  const { text } = scalar
  if (!spend(allowance, { text: text.length }, scalar.at) || !hasTemplate(text)) return scalar
  const parts: string[] = []
  let end = 0
  for (const { 0: whole, 1: name = '', index } of text.matchAll(reference)) {
    const known = set.get(name)
    if (known === undefined) continue
    if (!spend(allowance, { text: known.length }, scalar.at)) return scalar
    parts.push(text.slice(end, index), known)
    end = index + whole.length
  }
  if (parts.length === 0) return scalar
  const filled = parts.join('') + text.slice(end)
  const { template: _, ...rest } = scalar
  const template = templateIn(filled)
  return { ...rest, text: filled, value: filled, ...(template !== undefined && { template }) }
}
