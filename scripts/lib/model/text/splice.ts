/** Text that replaces a part of another text. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Replaces non-overlapping parts of a text. Copies each piece of the text once, however many there are. */
export function spliceText(text: string, replacements: readonly Replacement[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { start, end, text: by } of replacements.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(from, start), by)
    from = end
  }
  return [...pieces, text.slice(from)].join('')
}
