/** Matches one character of a pattern. */
type Matcher = (character: string) => boolean

interface Chunk {
  /** Any characters but slashes may precede it. */
  readonly isStarred: boolean
  readonly matchers: readonly Matcher[]
}

/** A pattern of Go's `filepath.Match`, split at its stars. */
export type Glob = readonly Chunk[]

/**
 * Parses a pattern as Go does: `*` and `?` match anything but a slash, `[a-z]` and `[^a-z]` match one character,
 * including slashes, and a backslash escapes the next character. Returns undefined when the pattern is malformed.
 */
export function parseGlob(pattern: string): Glob | undefined {
  const characters = Array.from(pattern)
  const chunks: { isStarred: boolean; matchers: Matcher[] }[] = [{ isStarred: false, matchers: [] }]
  let at = 0
  while (at < characters.length) {
    const character = characters[at] ?? ''
    at += 1
    const chunk = chunks.at(-1)
    if (character === '*') {
      // Several stars are equivalent to one.
      if (chunk?.isStarred && chunk.matchers.length === 0) continue
      chunks.push({ isStarred: true, matchers: [] })
    } else if (character === '?') {
      chunk?.matchers.push((other) => other !== '/')
    } else if (character === '[') {
      const set = parseSet(characters, at)
      if (set === undefined) return undefined
      chunk?.matchers.push(set.matcher)
      at = set.end
    } else {
      const literal = character === '\\' ? characters[at++] : character
      if (literal === undefined) return undefined
      chunk?.matchers.push((other) => other === literal)
    }
  }
  return chunks
}

function parseSet(
  characters: readonly string[],
  start: number,
): { readonly matcher: Matcher; readonly end: number } | undefined {
  const isNegated = characters[start] === '^'
  let at = isNegated ? start + 1 : start
  const ranges: (readonly [number, number])[] = []
  const read = (): number | undefined => {
    const escaped = characters[at] === '\\'
    const character = characters[escaped ? at + 1 : at]
    if (character === undefined || (!escaped && (character === '-' || character === ']'))) {
      return undefined
    }
    at += escaped ? 2 : 1
    return character.codePointAt(0)
  }
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = read()
    if (low === undefined) return undefined
    const isRange = characters[at] === '-'
    if (isRange) at += 1
    const high = isRange ? read() : low
    if (high === undefined) return undefined
    ranges.push([low, high])
  }
  const matcher: Matcher = (character) => {
    const point = character.codePointAt(0) ?? 0
    return ranges.some(([low, high]) => low <= point && point <= high) !== isNegated
  }
  return { matcher, end: at + 1 }
}

/** True when a pattern matches a whole text. Takes time proportional to the product of their lengths. */
export function matchGlob(glob: Glob, text: string): boolean {
  const characters = Array.from(text)
  let at = 0
  for (const [index, { isStarred, matchers }] of glob.entries()) {
    const isLast = index === glob.length - 1
    const fits = (start: number) =>
      matchers.every((matcher, offset) => {
        const character = characters[start + offset]
        return character !== undefined && matcher(character)
      }) &&
      (!isLast || start + matchers.length === characters.length)
    // The first match is used, as in Go.
    while (!fits(at)) {
      if (!isStarred || at >= characters.length || characters[at] === '/') return false
      at += 1
    }
    at += matchers.length
  }
  return true
}
