/** What is put into a text in place of a part of it. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Replaces parts of a text, which do not overlap. Each piece of the text is copied once, however many there are. */
export function spliceText(text: string, replacements: readonly Replacement[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { start, end, text: by } of replacements.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(from, start), by)
    from = end
  }
  return [...pieces, text.slice(from)].join('')
}
