/** The kinds of characters in two random texts, and those that similar texts may have. */
export interface Model {
  readonly kinds: ReadonlySet<string>
  /** True for passwords of any printable characters, which rarely share all kinds. */
  readonly isWild: boolean
}

/** From this length on, a mixed-case run of letters is treated as base64, a hash or similar. */
const encodedLength = 16

/** Characters of base64, its URL form, and password hashes besides letters and digits. */
const encodedMarks = '+/=-_.'

/** A text with at least this many kinds of punctuation may contain any characters. */
const wildMarks = 4

export function modelOf(first: string, second: string): Model {
  const both = first + second
  const kinds = new Set(Array.from(both, kindOf))
  // Ten characters may lack a digit by chance. If there are only digits, letters are different content.
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

/** True when a text has only characters of kinds in the model. */
export function isMadeOf(text: string, { kinds, isWild }: Model): boolean {
  return Array.from(text).every(
    (character) => kinds.has(kindOf(character)) || (isWild && /[ -~]/.test(character)),
  )
}

/** Returns the kind of a character: letters and digits are one kind each; every other character is its own. */
function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return '0'
  return /[A-Za-z]/.test(character) ? 'a' : character
}
