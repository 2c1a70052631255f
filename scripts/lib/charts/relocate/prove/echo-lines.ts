import type { Given } from './given.ts'

/** `key: value`, `- value` or `key:` alone, with the text before the value. */
const line = /^(\s*(?:- )*(?:(?:[\w./@-]+|"[^"]*"|'[^']*'):)?)(?:\s+(\S[^]*))?$/

/** How lines may differ: by new lines, or only by a given value that replaces a part. */
interface GivenLines extends Given {
  readonly lines: 'added' | 'replaced'
}

/** A key without quotes. Text that a shell would run is not a key. */
const plainKey = /^\s*(?:- )*([\w./-]+):$/

/**
 * True when two texts differ line by line as an echo does: each new line has a given value after its key, or opens a
 * mapping for one. Its key is a name in the override or was there before, and replaces the line with the same key. To a
 * program that does not read YAML, quotes, order and everything else matter as well.
 */
export function isEchoByLine(before: string, after: string, given: GivenLines): boolean {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const [gone, added] = [without(old, now), without(now, old)]
  // Common lines must keep their order.
  const common = (all: readonly string[], some: readonly string[]) => without(all, some).join('\n')
  if (common(old, gone) !== common(now, added)) return false
  // If the number of lines is the same, each may be the old line with a given value in it.
  const isReplacedAt = (index: number) =>
    gone.length === added.length && isReplaced(gone[index] ?? '', added[index] ?? '', given.values)
  const keys = new Set(added.map(keyOf))
  const known = new Set(gone.map(keyOf))
  const spelled = new Set([...given.values].map(String))
  const isAdded = (one: string) =>
    given.lines === 'added' && isGiven(one, given, { known, spelled })
  return (
    added.every((one, index) => isAdded(one) || isReplacedAt(index)) &&
    gone.every((one, index) => keys.has(keyOf(one)) || isReplacedAt(index))
  )
}

/** Returns the lines that another list lacks, as often as it lacks them. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const one of others) left.set(one, (left.get(one) ?? 0) + 1)
  return all.filter((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count <= 0
  })
}

function keyOf(text: string): string {
  return line.exec(text)?.[1] ?? text
}

interface Spellings {
  /** Beginnings of the previous lines, up to the value. */
  readonly known: ReadonlySet<string>
  /** The given values as written without quotes. */
  readonly spelled: ReadonlySet<string>
}

function isGiven(text: string, { values, keys }: Given, { known, spelled }: Spellings): boolean {
  const [whole, key = '', value] = line.exec(text) ?? []
  if (whole === undefined) return false
  const name = plainKey.exec(key)?.[1]
  // A list item has no key.
  const isNamed = name === undefined ? /^\s*(?:- )+$/.test(`${key} `) : keys.has(name)
  if (!isNamed && !known.has(key)) return false
  return value === undefined ? name !== undefined : spelled.has(value) || values.has(unquote(value))
}

/** True when replacing one part of a line with a given value gives the other line. */
function isReplaced(old: string, now: string, given: ReadonlySet<unknown>): boolean {
  const shortest = Math.min(old.length, now.length)
  let start = 0
  while (start < shortest && old[start] === now[start]) start += 1
  let end = 0
  while (end < shortest && old.at(-1 - end) === now.at(-1 - end)) end += 1
  for (const value of given) {
    if (typeof value !== 'string' || value === '' || old.length < now.length - value.length)
      continue
    // The text before the value is a common prefix, and the text after it a common suffix.
    const first = Math.max(0, now.length - value.length - end)
    const at = now.slice(first, start + value.length).indexOf(value)
    if (at !== -1) return true
  }
  return false
}

function unquote(value: string): unknown {
  if (/^'(?:[^']|'')*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'")
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
