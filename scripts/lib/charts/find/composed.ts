import type { LeafPath } from '../../model/values/leaf-path.ts'
import type { Reference } from '../../model/image/reference.ts'
import { isTree } from '../../model/values/values.ts'
import { textKeys, readComposedMap, type MapPart } from './composed-map.ts'
import { readKeyedWords } from './keyed-words.ts'

/** A part of a reference and its location. */
export interface Piece {
  readonly path: LeafPath
  readonly start: number
  readonly end: number
}

/** A reference whose parts are in several places, with the text that joins them. */
export interface Composed {
  readonly pieces: readonly Piece[]
  /** One fewer than `pieces`. */
  readonly joints: readonly string[]
  readonly reference: Reference
  /** There is no other way to read the parts. */
  readonly isSure: boolean
}

/** Finds maps that spell an image in parts inside a JSON or YAML text, with their locations in the text. */
export function findComposedInText(
  text: string,
  path: LeafPath,
  parse: (text: string) => unknown,
): Composed[] {
  if (!/\b(?:tag|version)\b/i.test(text) || !/\b(?:repository|repo|hub|image)\b/.test(text))
    return []
  let root: unknown
  try {
    root = parse(text)
  } catch {
    // Not structured: complete references are found as text.
    return []
  }
  const found: Composed[] = []
  const valueAt = readKeyedWords(text, textKeys)
  let from = 0
  const visit = (node: unknown, owner: string, above: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item, owner, above)
    if (!isTree(node)) return
    const outer = isTree(above) ? above : undefined
    const placed = ({ key, isAbove }: MapPart): Piece | undefined => {
      const value = (isAbove ? outer : node)?.[key]
      if (typeof value !== 'string' && typeof value !== 'number') return undefined
      const word = valueAt(key, value, isAbove ? 0 : from)
      return word && { path, ...word }
    }
    const spelled = (part: MapPart) => {
      const piece = placed(part)
      return piece && text.slice(piece.start, piece.end)
    }
    let next = from
    for (const { parts, ...composed } of readComposedMap(node, { owner, above: outer, spelled })) {
      const pieces = parts.map(placed).filter((piece) => piece !== undefined)
      if (pieces.length < parts.length) continue
      const own = pieces.filter((_, index) => !parts[index]?.isAbove)
      next = Math.max(next, ...own.map(({ start }) => start + 1))
      found.push({ ...composed, pieces })
    }
    from = next
    for (const [key, child] of Object.entries(node)) visit(child, key, node)
  }
  visit(root, '', undefined)
  return found
}
