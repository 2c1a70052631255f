import { scalarsOf, type ValuesTree } from '../values/values.ts'

/** Shorter texts are words such as `true` and `prod`, of which a message would be unreadable. */
const shortest = 5

/** A registry, a repository or a reference, which messages have to name. */
const location = /^[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:\/|$)|^[a-z0-9._/-]+[:@][A-Za-z0-9._:-]+$/

/**
 * Returns the texts in a caller's values that may be secret. Which of them are passwords cannot be told, so that none of
 * them is quoted.
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

/** Replaces private texts in a message by `***`. */
export function hideTexts(message: string, texts: ReadonlySet<string>): string {
  // The longest first: one may be a part of another.
  return [...texts]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, text) => rest.replaceAll(text, '***'), message)
}
