import { hasTemplate } from '../../model/values/templated-values.ts'
import type { LocatedMap, LocatedNode, LocatedScalar, Position } from '../located/node.ts'
import type { TemplatedYaml } from '../values/templated-yaml.ts'
import type { Allowance } from './allowance.ts'

/** State of a file that the readers of its add-ons share. */
export interface AddonsFile extends Pick<TemplatedYaml, 'isBranched'> {
  readonly file: string
  readonly allowance: Allowance
}

/** Text under one of several keys. */
export interface FieldText {
  readonly key: string
  readonly text: string
  readonly isTemplated: boolean
  readonly at: Position
}

/** Returns the text of the first of several keys that has one; numbers are text as written. */
export function fieldOf(
  map: LocatedMap,
  names: readonly string[],
  { isBranched }: AddonsFile,
): FieldText | undefined {
  for (const key of names) {
    const entry = map.entries.get(key)
    if (entry === undefined || !isText(entry.value)) continue
    const { text, at } = entry.value
    // Two branches of a template set it: which one applies is as unknown as a template.
    const isAlternative = map.replaced.some(
      (other) => other.key === key && isBranched(other.keyAt, entry.keyAt),
    )
    return { key, text, isTemplated: isAlternative || hasTemplate(text), at }
  }
  return undefined
}

function isText(node: LocatedNode): node is LocatedScalar {
  return node.kind === 'scalar' && node.value !== null && node.text !== ''
}

export function mapAt(map: LocatedMap, key: string): LocatedMap | undefined {
  const node = map.entries.get(key)?.value
  return node?.kind === 'map' ? node : undefined
}

export function listAt(map: LocatedMap, key: string): readonly LocatedNode[] {
  const node = map.entries.get(key)?.value
  return node?.kind === 'list' ? node.items : []
}

/** Returns the keys and values of a mapping; none for other nodes. */
export function entriesOf(node: LocatedNode): (readonly [string, LocatedNode])[] {
  return node.kind === 'map' ? [...node.entries].map(([key, { value }]) => [key, value]) : []
}
