import { scalarsOf, type ValuesTree } from '../values/values.ts'

/** Shorter texts are words such as `true` and `prod`; hiding them would make messages unreadable. */
const shortest = 5

/** A registry, a repository or a reference, which messages have to show. */
const location = /^[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:\/|$)|^[a-z0-9._/-]+[:@][A-Za-z0-9._:-]+$/

/**
 * Returns the texts in a caller's values that may be secret. It is not known which of them are passwords, so none is
 * quoted.
 */
export function privateTexts(trees: readonly ValuesTree[]): ReadonlySet<string> {
  const texts = trees.flatMap((tree) => [...scalarsOf(tree)].map(({ value }) => value))
  return new Set(
    texts.filter(
      (text): text is string =>
        typeof text === 'string' && text.length >= shortest && !location.test(text),
    ),
  )
}

/** Replaces private texts in a message with `***`. */
export function hideTexts(message: string, texts: ReadonlySet<string>): string {
  // Longest first, because one may be part of another.
  return [...texts]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, text) => rest.replaceAll(text, '***'), message)
}
