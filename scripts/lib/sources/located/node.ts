import { treeFrom, type ValuesNode } from '../../model/values/values.ts'

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** YAML data of which every part knows where it is written. Aliases share the node that they stand for. */
export type LocatedNode = LocatedMap | LocatedList | LocatedScalar

interface Located {
  readonly at: Position
  /** Values in it, those of its aliases included. */
  readonly size: number
  /** Levels of mappings and lists in it, likewise. */
  readonly height: number
}

export interface LocatedMap extends Located {
  readonly kind: 'map'
  /** By the key that helm makes of it: `on` is `true`, 8080 is `8080`. The last of two equal keys. */
  readonly entries: ReadonlyMap<string, LocatedEntry>
  /** Entries that later ones of the same key replace. */
  readonly replaced: readonly LocatedEntry[]
}

export interface LocatedEntry {
  /** As helm reads it. */
  readonly key: string
  readonly keyAt: Position
  /** The key as it is written, where a template is a part of it. */
  readonly keyTemplate?: string
  readonly value: LocatedNode
}

export interface LocatedList extends Located {
  readonly kind: 'list'
  readonly items: readonly LocatedNode[]
}

export interface LocatedScalar extends Located {
  readonly kind: 'scalar'
  /** As helm reads it. */
  readonly value: string | number | boolean | null
  /** As it is written, without quotes: the version 1.10 is `1.10`. */
  readonly text: string
  /** The go template that it is or has in it, as it is written. */
  readonly template?: string
  /** The text is a literal block: where its first line begins. */
  readonly blockAt?: Position
}

/** The data alone. Its maps have no prototype: every key from outside is an ordinary one. */
export function toValues(node: LocatedNode): ValuesNode {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(toValues)
    case 'map':
      return treeFrom([...node.entries].map(([key, { value }]) => [key, toValues(value)]))
  }
}
