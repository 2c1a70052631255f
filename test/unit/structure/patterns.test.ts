import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type PatternLiteral, patternsIn } from './pattern-literals.ts'

// Patterns are matched against charts, renders and answers of servers. One that may read the same characters in two
// ways, or that starts again at each of them, takes minutes for a megabyte that somebody has made up for it. Each pattern
// of the sources is tried on such texts here; what it does to them is of no interest, only that it ends.

const sources = join(import.meta.dirname, '../../../scripts/lib')

/** Patterns that take quadratic time, and why no long text ever reaches them. */
const bounded: ReadonlyMap<string, string> = new Map([
  ['/[^a-z0-9]+$/', 'model/escape.ts cuts the text to the room of a repository name first'],
  ['/-*\\.[-.]*/g', 'model/names/kubernetes.ts cuts the text to the length of a release first'],
  ['/^[-.]+|[-.]+$/g', 'model/names/kubernetes.ts cuts the text to the length of a release first'],
])

/** What texts are made of: characters and short words that patterns treat in different ways. */
const pieces = [
  ...`a A 1 . / : @ - _ " ' = , # ? * ( ) [ { {{ }} a. a/ a: a- a= a, a@ ./ // :: "a 1. a1 @a:`.split(
    ' ',
  ),
  ' ',
  '\n',
  '\t',
  'a ',
  ' \n',
  '\n\n a',
]
const starts = ['', 'a', '//']
const ends = ['', '\u0000', '\nx']

/** Lengths that are tried one after the other: the worse a pattern is, the sooner it shows. */
const lengths = [1_000, 40_000]

/** A pattern that takes linear time needs about a millisecond. */
const hangs = 300

function timeOf({ source, flags }: PatternLiteral, text: string, start: number): number {
  const pattern = new RegExp(source, flags)
  const began = performance.now()
  pattern.lastIndex = start
  if (pattern.global) text.replace(pattern, '')
  else pattern.test(text)
  return performance.now() - began
}

/** Words of a pattern itself: behind them the rest of it is tried. */
function wordsOf({ source }: PatternLiteral): string[] {
  const plain = source.replaceAll(/\\[a-zA-Z]/g, ' ').replaceAll(/[^A-Za-z0-9:=/.@"' -]+/g, ' ')
  return [...new Set(plain.split(' '))]
    .filter((word) => word.length > 1 && word.length < 20)
    .slice(0, 4)
}

/** Words of a pattern one after the other, two and all of them: each may be where a match begins, or goes on. */
function phrasesOf(words: readonly string[]): string[] {
  if (words.length < 2) return []
  const pairs = words.flatMap((one, index) =>
    words.slice(index + 1).map((next) => `${one} ${next} `),
  )
  return [...new Set([...pairs, `${words.join(' ')} `])]
}

/** A text on which a pattern hangs. */
function hangOf(pattern: PatternLiteral): string | undefined {
  const words = wordsOf(pattern)
  const phrases = phrasesOf(words)
  for (const length of lengths) {
    for (const piece of [...pieces, ...words, ...phrases]) {
      for (const start of [...starts, ...words]) {
        for (const end of ends) {
          const text = start + piece.repeat(Math.ceil(length / piece.length)) + end
          const time = () => timeOf(pattern, text, pattern.flags.includes('y') ? start.length : 0)
          // Once more, because this process may have had to wait.
          if (time() > hangs && time() > hangs) return JSON.stringify([start, piece, length, end])
        }
      }
    }
  }
  return undefined
}

const patterns = patternsIn(sources)

it('the patterns of the sources are found', () => {
  expect(patterns.length).toBeGreaterThan(150)
})

it.each(patterns.map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern] as const))(
  '%s ends soon on any text',
  { timeout: 120_000 },
  (name, pattern) => {
    const hang = bounded.has(name) ? undefined : hangOf(pattern)
    expect(hang, `${pattern.file} ${name}`).toBeUndefined()
  },
)

it.each([...bounded.keys()])('%s is still there, and still needs its excuse', (name) => {
  const pattern = patterns.find(({ source, flags }) => `/${source}/${flags}` === name)
  expect(pattern).toBeDefined()
})
