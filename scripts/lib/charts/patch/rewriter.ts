/** A reference that no value sets, as rendered, and its replacement. */
export interface Rewrite {
  readonly text: string
  readonly destination: string
}

/** A text with replaced references, and the list of them. */
export interface Rewritten {
  readonly text: string
  readonly replaced: ReadonlySet<string>
}

/** Characters of references; where they end, a reference ends. */
const run = /[\w./:@-]+/g
/** The value of an image field that is one word and nothing else, in a block, in a flow mapping or in JSON. */
const bareImage = /(image["']?:\s*["']?)([\w.-]+)(?=["']?\s*(?:[\]}]|,\s|(?:#.*)?$))/gm

/** A reference has a port, a tag, a digest and the name of its algorithm: five parts at most. */
const maximumParts = 5
const maximumLength = 1_024

/**
 * Creates a function that replaces references in texts: only whole references, and those without tag and path only as
 * the value of an image field. Scans each text once, however many references there are.
 */
export function createRewriter(rewrites: readonly Rewrite[]): (text: string) => Rewritten {
  const destinations = new Map<string, string>()
  for (const { text, destination } of rewrites) {
    if (!destinations.has(text)) destinations.set(text, destination)
  }
  return (text) => {
    const replaced = new Set<string>()
    const replace = (found: string): string => {
      const destination = destinations.get(found)
      if (destination === undefined || destination === found) return found
      replaced.add(found)
      return destination
    }
    const named = text.replace(run, (word) =>
      /[:@/]/.test(word)
        ? replaceParts(word, (part) => (isBare(part) ? part : replace(part)))
        : word,
    )
    const done = named.replace(bareImage, (_, before: string, word: string) =>
      isBare(word) ? `${before}${replace(word)}` : `${before}${word}`,
    )
    return { text: done, replaced }
  }
}

/** True for a name without registry, path, tag and digest: it may be any word. */
function isBare(text: string): boolean {
  return !/[:@/]/.test(text)
}

/** Replaces references in a run of reference characters: adjacent parts between colons, longest first. */
function replaceParts(word: string, replace: (text: string) => string): string {
  const separators = [...word.matchAll(/[:@]/g)].map(({ index }) => index)
  const starts = [0, ...separators.map((at) => at + 1)]
  const ends = [...separators, word.length]
  const pieces: string[] = []
  for (let first = 0; first < starts.length;) {
    let last = first
    let piece = word.slice(starts[first], ends[first])
    for (let to = Math.min(first + maximumParts, ends.length) - 1; to >= first; to -= 1) {
      const found = word.slice(starts[first], ends[to])
      const by = found.length > maximumLength ? found : replace(found)
      if (by === found) continue
      piece = by
      last = to
      break
    }
    const end = ends[last] ?? word.length
    pieces.push(piece, word.slice(end, end + 1))
    first = last + 1
  }
  return pieces.join('')
}
