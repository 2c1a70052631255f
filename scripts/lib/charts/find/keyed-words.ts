import { matchAt } from './lines.ts'

/** A word that follows a key in a text: `key: word`, `"key": "word"`. */
interface Word {
  readonly start: number
  readonly end: number
}

/** Finds the first location at or after another one where a key has a value. */
export type FindValue = (key: string, value: string | number, from: number) => Word | undefined

/** Longer words cannot be part of a reference. */
const maximumWord = 512

const wordEnd = /[\s"',}\]]/g

/**
 * Reads the words after all keys of a text, once. Later lookups do not depend on how often a key occurs.
 *
 * @param keys plain words
 */
export function readKeyedWords(text: string, keys: readonly string[]): FindValue {
  const places = new Map<string, Word[]>()
  const note = (name: string, word: Word) => {
    const known = places.get(name)
    if (known === undefined) places.set(name, [word])
    else known.push(word)
  }
  const pattern = new RegExp(String.raw`["']?\b(${keys.join('|')})["']?\s*:\s*["']?`, 'g')
  // Words in one run of characters share its end, which is searched for once.
  let runEnd = 0
  for (const match of text.matchAll(pattern)) {
    const [whole, key = ''] = match
    const start = match.index + whole.length
    if (start >= runEnd) runEnd = matchAt(wordEnd, text, start)?.index ?? text.length
    if (start === runEnd || runEnd - start > maximumWord) continue
    const word = text.slice(start, runEnd)
    const place = { start, end: runEnd }
    note(nameOf(key, word), place)
    const number = Number(word)
    if (!Number.isNaN(number)) note(nameOf(key, number), place)
  }
  return (key, value, from) => {
    const known = places.get(nameOf(key, value)) ?? []
    return known[firstFrom(known, from)]
  }
}

function nameOf(key: string, value: string | number): string {
  return `${key} ${typeof value} ${value}`
}

/** Returns the index of the first word that does not start before an offset. */
function firstFrom(places: readonly Word[], from: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.start ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}
