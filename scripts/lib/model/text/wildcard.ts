/** True when a text matches a pattern in which `*` matches any text, including the empty one. */
export function matchesWildcard(text: string, pattern: string): boolean {
  return matchesParts(text, pattern.split('*'))
}

/** True when a text matches a pattern that is split at its wildcards. */
export function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  // The leftmost match of each part leaves the most room for the next, so there is no backtracking.
  let from = first.length
  for (const part of others) {
    const at = text.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return from <= text.length - last.length
}
