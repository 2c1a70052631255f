import { decodeText } from './base64.ts'
import { isMadeOf, type Model, modelOf } from './made-of.ts'

/**
 * True when a text differs from two others only where these two differ, and there only in characters of the same kinds.
 * The two are renders of the same values: where they differ, a chart generates something for each render, such as a
 * password. Everything else has to stay, a password cannot become a command, and none may name a new image.
 */
export function fitsShape(first: string, second: string, later: string): boolean {
  if (Math.max(first.length, second.length, later.length) > longestText) return false
  const texts = [first, second, later].map(decodeText)
  if (namesImage(texts[2] ?? later) && !namesImage(texts[0] ?? first)) return false
  const [a, b, c] = texts.every((text) => text !== undefined) ? texts : [first, second, later]
  return fitsEach(linesOf(a), linesOf(b), linesOf(c), fitsLine)
}

/** Maximum length of a text with passwords or certificates; longer text is not judged. */
const longestText = 128 * 1024

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

/** True for a host followed by a path, as in an image name. */
function namesImage(text: string): boolean {
  return /(?:^|[^A-Za-z0-9.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[a-z0-9]/.test(text)
}

const pemBlock = /(-----BEGIN[A-Z0-9 ]*-----)((?:[A-Za-z0-9+/=\s]|\\n)+)(-----END[A-Z0-9 ]*-----)/g

/**
 * Returns the lines of a text, with each certificate or key on one line: how many lines it takes depends on its length.
 * Its base64 is spelled as one word, in hexadecimal digits, because no part of it stays in place: the lengths at its
 * beginning depend on those of the random numbers in it.
 */
function linesOf(text = ''): string[] {
  const inOne = text.replaceAll(pemBlock, (_, begin: string, body: string, end: string) =>
    [begin, Buffer.from(body.replaceAll(/\s|\\n/g, '')).toString('hex'), end].join(' '),
  )
  return inOne.split('\n')
}

function fitsLine(first: string, second: string, later: string): boolean {
  if (first === second) return later === first
  const blanks = /(\s+)/
  return (
    fitsEach(first.split(blanks), second.split(blanks), later.split(blanks), fitsPart) ||
    // A password of any characters may contain blanks.
    (differing(first, second).model.isWild && fitsBetween(first, second, later))
  )
}

/** Compares the text between blanks: word by word, or run by run where base64 may have its marks anywhere. */
function fitsPart(first: string, second: string, later: string): boolean {
  if (first === second) return later === first
  if (fitsWords(first, second, later)) return true
  const [a, b, c] = [runsOf(first), runsOf(second), runsOf(later)]
  if (a.length === b.length && !differing(first, second).model.isWild) {
    return fitsEach(a, b, c, fitsBetween)
  }
  return fitsBetween(first, second, later)
}

function fitsWords(first: string, second: string, later: string): boolean {
  const [a, b, c] = [wordsOf(first), wordsOf(second), wordsOf(later)]
  const isFixed = (index: number) => a[index] === b[index]
  const random = (words: readonly string[]) => words.filter((_, index) => !isFixed(index)).join('')
  const model = modelOf(random(a), random(b))
  return fitsEach(a, b, c, (word, other, now) =>
    word === other ? now === word : isNoLonger(now, word, other) && isMadeOf(now, model),
  )
}

/** Splits into runs of letters and digits, and single other characters. */
function wordsOf(part: string): string[] {
  return part.match(/[A-Za-z0-9]+|[^A-Za-z0-9]/g) ?? []
}

/** Splits into runs of base64 and hash characters, and single other characters. */
function runsOf(part: string): string[] {
  return part.match(/[\w+/=.-]+|[^\w+/=.-]/g) ?? []
}

/** Compares texts whose parts do not line up: their common prefix and suffix have to stay. */
function fitsBetween(first: string, second: string, later: string): boolean {
  if (first === second) return later === first
  const { start, end, model } = differing(first, second)
  const middleOf = (text: string) => text.slice(start, text.length - end)
  return (
    later.length >= start + end &&
    later.startsWith(first.slice(0, start)) &&
    later.endsWith(first.slice(first.length - end)) &&
    isNoLonger(middleOf(later), middleOf(first), middleOf(second)) &&
    isMadeOf(middleOf(later), model)
  )
}

/** Returns the lengths of the common prefix and suffix of two texts, and what is between. */
function differing(first: string, second: string): { start: number; end: number; model: Model } {
  const shortest = Math.min(first.length, second.length)
  let start = 0
  while (start < shortest && first[start] === second[start]) start += 1
  // Two random words may share a prefix or suffix by chance, and other text the same marks.
  while (start > 0 && isOfWord(first[start - 1])) start -= 1
  let end = 0
  while (end < shortest - start && first.at(-1 - end) === second.at(-1 - end)) end += 1
  while (end > 0 && isOfWord(first.at(-end))) end -= 1
  if (isOfMarks(first.slice(0, start))) start = 0
  if (isOfMarks(first.slice(first.length - end))) end = 0
  const middleOf = (text: string) => text.slice(start, text.length - end)
  return { start, end, model: modelOf(middleOf(first), middleOf(second)) }
}

function isOfWord(character = ''): boolean {
  return /[A-Za-z0-9]/.test(character)
}

/** True for base64 marks, and for a single character that is not a quote. */
function isOfMarks(text: string): boolean {
  return /^(?:[+/=_.-]+|[^\w\s"'`])$/.test(text)
}

function isNoLonger(text: string, first: string, second: string): boolean {
  return text.length <= 2 * Math.max(first.length, second.length)
}
