/** True when a text matches a pattern in which `*` stands for any text, the empty one included. */
export function matchesWildcard(text: string, pattern: string): boolean {
  return matchesParts(text, pattern.split('*'))
}

/** The same for a pattern that is cut at what stands for any text. */
export function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  // The leftmost place of each part leaves the most room for the next: nothing ever has to be taken back.
  let from = first.length
  for (const part of others) {
    const at = text.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return from <= text.length - last.length
}
