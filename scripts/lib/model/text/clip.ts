/** Maximum length of a shown text. */
const longest = 120

/** Shortens a long text enough to recognize it. */
export function clip(text: string): string {
  const line = text.slice(0, longest + 1).replaceAll('\n', '⏎')
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** Characters in front of a difference that show where it is. */
const context = 30

/** Shortens two texts to where they begin to differ. */
export function clipDifference(before: string, after: string): readonly [string, string] {
  const { start } = shownDifference(before, after)
  const lead = start > 0 ? '…' : ''
  return [lead + clip(before.slice(start)), lead + clip(after.slice(start))]
}

/** Returns the range of two texts that `clipDifference` shows. */
export function shownDifference(
  before: string,
  after: string,
): { readonly start: number; readonly end: number } {
  let same = 0
  while (same < before.length && before[same] === after[same]) same += 1
  const isLong = Math.max(before.length, after.length) > longest
  const start = isLong ? Math.max(0, same - context) : 0
  return { start, end: start + longest }
}
