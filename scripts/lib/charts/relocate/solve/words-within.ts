import { randomInt } from 'node:crypto'
import { groupBy } from '../../../model/collections.ts'
import type { Steps } from '../../../steps/steps.ts'

/** Texts after which the search may pause. */
const textsAtOnce = 500

/**
 * Finds the words that occur in at least one of the texts. Thousands of words in thousands of texts are too many to try
 * each pair: a window moves over the texts once for each word length, and its hash tells whether a word may be there
 * (Rabin–Karp).
 */
export function* wordsWithin(
  words: ReadonlySet<string>,
  texts: readonly string[],
): Steps<Set<string>> {
  const found = new Set<string>()
  // Chosen at random, so that words with colliding hashes cannot be constructed.
  const base = randomInt(1 << 30) * 2 + 1
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0)
  for (const [length, same] of groupBy(words, (word) => word.length)) {
    if (length === 0 || length > longest) continue
    const left = groupBy(same, (word) => hashOf(word, length, base))
    for (const [index, text] of texts.entries()) {
      if (left.size === 0) break
      takeWords(text, length, base, left, found)
      if (index % textsAtOnce === 0) yield
    }
  }
  return found
}

function hashOf(text: string, length: number, base: number): number {
  let hash = 0
  for (let at = 0; at < length; at += 1) hash = (Math.imul(hash, base) + text.charCodeAt(at)) | 0
  return hash
}

/** Moves the words in a text from the remaining set to the found set. */
function takeWords(
  text: string,
  length: number,
  base: number,
  left: Map<number, string[]>,
  found: Set<string>,
): void {
  if (text.length < length) return
  let weight = 1
  for (let times = 1; times < length; times += 1) weight = Math.imul(weight, base)
  let hash = hashOf(text, length, base)
  for (let start = 0; ; start += 1) {
    const candidates = left.get(hash)
    if (candidates !== undefined) {
      const others = candidates.filter((word) => !text.startsWith(word, start))
      if (others.length < candidates.length) found.add(text.slice(start, start + length))
      if (others.length === 0) left.delete(hash)
      else left.set(hash, others)
    }
    if (start + length >= text.length) return
    hash = (hash - Math.imul(text.charCodeAt(start), weight)) | 0
    hash = (Math.imul(hash, base) + text.charCodeAt(start + length)) | 0
  }
}
