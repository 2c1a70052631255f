import { scalarsOf, type ValuesTree } from '../values/values.ts'

/** Shorter texts are words such as `true` and `prod`; hiding them would make messages unreadable. */
const shortest = 5

/**
 * A registry, a repository or a reference, which messages have to show: it begins with a host, has a path, or is a name
 * with a version. `admin:Secret1` and `me@Secret1` are none.
 */
const location =
  /^[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:\/|$)|^[a-z0-9._-]+\/[a-z0-9._/-]+[:@][A-Za-z0-9._:-]+$|^[a-z0-9._-]+:v?\d+\.\d[\w.-]*$/

/**
 * Returns the texts in a caller's values that may be secret. It is not known which of them are passwords, so none is
 * quoted.
 */
export function privateTexts(trees: readonly ValuesTree[]): ReadonlySet<string> {
  const texts = trees.flatMap((tree) => [...scalarsOf(tree)].map(({ value }) => value))
  const hidden = texts.filter(
    (text): text is string =>
      typeof text === 'string' && text.length >= shortest && !location.test(text),
  )
  return new Set(hidden.flatMap(spellings))
}

/** Returns a text as helm prints it: as it is, in double or single quotes (Go, its JSON schema validator), and in base64. */
function spellings(text: string): string[] {
  const inQuotes = JSON.stringify(text).slice(1, -1)
  const inSingleQuotes = text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)
  return [text, inQuotes, inSingleQuotes, Buffer.from(text).toString('base64')]
}

/** Replaces private texts in a message with `***`. */
export function hideTexts(message: string, texts: ReadonlySet<string>): string {
  // Longest first, because one may be part of another.
  return [...texts]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, text) => rest.replaceAll(text, '***'), message)
}
