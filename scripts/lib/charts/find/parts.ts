import type { LeafPath } from '../../model/values/leaf-path.ts'
import type { Piece } from './composed.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

/** Drops names that are part of a composed reference, because they are not separate references. */
export function withoutParts<Site extends { readonly pieces: readonly Piece[] }>(
  sites: readonly Site[],
  placeOf: (path: LeafPath) => string,
): Site[] {
  const spans = new Map<string, Span[]>()
  for (const { pieces } of sites) {
    if (pieces.length === 1) continue
    for (const { path, start, end } of pieces) {
      const place = placeOf(path)
      const here = spans.get(place)
      if (here === undefined) spans.set(place, [{ start, end }])
      else here.push({ start, end })
    }
  }
  const taken = new Map([...spans].map(([place, here]) => [place, joinSpans(here)]))
  return sites.filter(({ pieces: [piece, ...others] }) => {
    if (piece === undefined || others.length > 0) return true
    const here = taken.get(placeOf(piece.path))
    return here === undefined || !meets(here, piece)
  })
}

/** Returns the spans in order, with overlapping ones joined. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}

/** True when one of these sorted, disjoint spans overlaps a piece. */
export function meets(spans: readonly Span[], { start, end }: Span): boolean {
  let low = 0
  let high = spans.length
  // The first span that does not end before the piece.
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle]?.end ?? 0) <= start) low = middle + 1
    else high = middle
  }
  const first = spans[low]
  return first !== undefined && first.start < end
}
