import { treeFrom, type ValuesNode } from '../../model/values/values.ts'

/** A position in a file, counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** YAML data in which every part knows its position. Aliases share the node that they refer to. */
export type LocatedNode = LocatedMap | LocatedList | LocatedScalar

interface Located {
  readonly at: Position
  /** Number of values in it, including those of aliases. */
  readonly size: number
  /** Levels of mappings and lists in it, including those of aliases. */
  readonly height: number
}

export interface LocatedMap extends Located {
  readonly kind: 'map'
  /** Entries by the key that helm makes of it: `on` is `true`, 8080 is `8080`. The last of two equal keys wins. */
  readonly entries: ReadonlyMap<string, LocatedEntry>
  /** Entries that later ones with the same key replace. */
  readonly replaced: readonly LocatedEntry[]
}

export interface LocatedEntry {
  /** As helm reads it. */
  readonly key: string
  readonly keyAt: Position
  /** The key as written, if it contains a template. */
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
  /** As written, without quotes: the version 1.10 is `1.10`. */
  readonly text: string
  /** The Go template that it is or contains, as written. */
  readonly template?: string
  /** For a literal block: where its first line starts. */
  readonly blockAt?: Position
}

/** Returns only the data. Its maps have no prototype, so every external key is an ordinary one. */
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
