/** What two random texts are made of: each kind of character in them, and those that others like them may have. */
export interface Model {
  readonly kinds: ReadonlySet<string>
  /** True for passwords of any printable characters, which seldom share the kinds of them. */
  readonly isWild: boolean
}

/** From this length on, a run of letters of both cases is read as base64, a hash or the like. */
const encodedLength = 16

/** What base64, its form for URLs, and the hashes of passwords have beside letters and digits. */
const encodedMarks = '+/=-_.'

/** A text with at least so many kinds of punctuation is one of any characters. */
const wildMarks = 4

export function modelOf(first: string, second: string): Model {
  const both = first + second
  const kinds = new Set(Array.from(both, kindOf))
  // Ten characters may be without a digit by chance. Where there are digits alone, letters are something else.
  if (kinds.has('a')) kinds.add('0')
  const marks = Array.from(kinds).filter((kind) => /[^a0\s]/.test(kind))
  const isEncoded =
    Math.min(first.length, second.length) >= encodedLength &&
    /[A-Z]/.test(both) &&
    /[a-z]/.test(both) &&
    marks.every((mark) => encodedMarks.includes(mark))
  if (isEncoded) for (const mark of encodedMarks) kinds.add(mark)
  return { kinds, isWild: marks.length >= wildMarks }
}

/** True when a text has no character of a kind that the model lacks. */
export function isMadeOf(text: string, { kinds, isWild }: Model): boolean {
  return Array.from(text).every(
    (character) => kinds.has(kindOf(character)) || (isWild && /[ -~]/.test(character)),
  )
}

/** Letters and digits count as one kind each; every other character is its own. */
function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return '0'
  return /[A-Za-z]/.test(character) ? 'a' : character
}
