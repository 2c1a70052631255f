/**
 * True when a text differs from two others only where these two differ, and there only by what they are made of. The two
 * are renders of the same values: where they differ, a chart puts something new into each render, such as a password.
 * Everything else has to stay, and a password cannot become a command.
 */
export function fitsShape(first: string, second: string, later: string): boolean {
  const [a, b, c] = [first.split('\n'), second.split('\n'), later.split('\n')]
  if (a.length === b.length && a.length === c.length) return fitsEach(a, b, c, fitsLine)
  // As certificates, of more lines or fewer. What has blanks in it is none of their lines.
  return (
    fitsBetween(first, second, later) &&
    fitsEach(a.filter(hasBlank), b.filter(hasBlank), c.filter(hasBlank), fitsLine)
  )
}

type Fits = (first: string, second: string, later: string) => boolean

function fitsEach(
  first: readonly string[],
  second: readonly string[],
  later: readonly string[],
  fits: Fits,
): boolean {
  return (
    first.length === second.length &&
    first.length === later.length &&
    first.every((part, index) => fits(part, second[index] ?? '', later[index] ?? ''))
  )
}

function fitsLine(first: string, second: string, later: string): boolean {
  if (first === second) return later === first
  const blanks = /(\s+)/
  return fitsEach(first.split(blanks), second.split(blanks), later.split(blanks), fitsPart)
}

/** True for a line with more than one word in it. */
function hasBlank(line: string): boolean {
  return /\S\s/.test(line.trimEnd())
}

/** The same for what stands between blanks. */
function fitsPart(first: string, second: string, later: string): boolean {
  if (first === second) return later === first
  const [a, b, c] = [wordsOf(first), wordsOf(second), wordsOf(later)]
  if (a.length !== b.length || a.length !== c.length) return fitsBetween(first, second, later)
  return a.every((word, index) => {
    const [other = '', now = ''] = [b[index], c[index]]
    return word === other ? now === word : isMadeOf(now, word + other)
  })
}

/** Runs of letters and digits, and every other character alone. */
function wordsOf(part: string): string[] {
  return part.match(/[A-Za-z0-9]+|[^A-Za-z0-9]/g) ?? []
}

/** The same for texts whose parts do not stand side by side: what both begin and end with has to stay. */
function fitsBetween(first: string, second: string, later: string): boolean {
  const shortest = Math.min(first.length, second.length)
  let start = 0
  while (start < shortest && first[start] === second[start]) start += 1
  // Two random words may begin or end alike by chance.
  while (start > 0 && isWordCharacter(first[start - 1])) start -= 1
  let end = 0
  while (end < shortest - start && first.at(-1 - end) === second.at(-1 - end)) end += 1
  while (end > 0 && isWordCharacter(first.at(-end))) end -= 1
  if (later.length < start + end) return false
  const middleOf = (text: string) => text.slice(start, text.length - end)
  return (
    later.startsWith(first.slice(0, start)) &&
    later.endsWith(first.slice(first.length - end)) &&
    isMadeOf(middleOf(later), middleOf(first) + middleOf(second))
  )
}

function isWordCharacter(character = ''): boolean {
  return /[A-Za-z0-9]/.test(character)
}

/** True when a text has no character of a kind that a model lacks, and is not much longer. */
function isMadeOf(text: string, model: string): boolean {
  if (text.length > 2 * model.length) return false
  const known = new Set(Array.from(model, kindOf))
  return Array.from(text).every((character) => known.has(kindOf(character)))
}

/** Letters and digits count as one kind each; every other character is its own. */
function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return '0'
  return /[A-Za-z]/.test(character) ? 'a' : character
}
