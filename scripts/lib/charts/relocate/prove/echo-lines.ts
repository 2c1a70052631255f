import type { Given } from './given.ts'

/** `key: value`, `- value` or `key:` alone, with what stands before the value. */
const line = /^(\s*(?:- )*(?:(?:[\w./@-]+|"[^"]*"|'[^']*'):)?)(?:\s+(\S[^]*))?$/

/** How lines may differ: by new ones, or only by a given value in place of a part. */
interface GivenLines extends Given {
  readonly lines: 'added' | 'replaced'
}

/** A key without quotes. What a shell would run in a key is none. */
const plainKey = /^\s*(?:- )*([\w./-]+):$/

/**
 * True when two texts differ in their lines as an echo does: what is new has a given value behind its key, or opens a
 * mapping for one, where that key is a name of the override or was there before, and takes the place of what had the same
 * key. To a program that is not a reader of YAML, quotes, order and
 * everything else matter as well.
 */
export function isEchoByLine(before: string, after: string, given: GivenLines): boolean {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const [gone, added] = [without(old, now), without(now, old)]
  // What both have has to stay in its order.
  const common = (all: readonly string[], some: readonly string[]) => without(all, some).join('\n')
  if (common(old, gone) !== common(now, added)) return false
  // Where their number is the same, each may be the old one with a given value somewhere in it.
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

/** The lines that another list lacks, as often as it lacks them. */
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
  /** Beginnings of lines that were there before, up to the value. */
  readonly known: ReadonlySet<string>
  /** The given values as they are written without quotes. */
  readonly spelled: ReadonlySet<string>
}

function isGiven(text: string, { values, keys }: Given, { known, spelled }: Spellings): boolean {
  const [whole, key = '', value] = line.exec(text) ?? []
  if (whole === undefined) return false
  const name = plainKey.exec(key)?.[1]
  // An item of a list has no key.
  const isNamed = name === undefined ? /^\s*(?:- )+$/.test(`${key} `) : keys.has(name)
  if (!isNamed && !known.has(key)) return false
  return value === undefined ? name !== undefined : spelled.has(value) || values.has(unquote(value))
}

/** True when a line becomes the other one by putting a given value in place of one part of it. */
function isReplaced(old: string, now: string, given: ReadonlySet<unknown>): boolean {
  const shortest = Math.min(old.length, now.length)
  let start = 0
  while (start < shortest && old[start] === now[start]) start += 1
  let end = 0
  while (end < shortest && old.at(-1 - end) === now.at(-1 - end)) end += 1
  for (const value of given) {
    if (typeof value !== 'string' || value === '' || old.length < now.length - value.length)
      continue
    // What stands before the value is a beginning that both have, and what follows an end.
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
