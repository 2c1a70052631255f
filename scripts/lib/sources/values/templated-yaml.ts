import { type Result, success } from '../../model/problem.ts'
import { failWith, type LocatedFault } from '../located/faults.ts'
import type { LocatedNode, Position } from '../located/node.ts'
import { parseLocated, positionsOf } from '../located/parse.ts'
import { templateIn } from '../located/scalar-node.ts'
import { hideTemplates } from '../templates/hide.ts'
import type { SourceText } from '../yaml-source.ts'

/** YAML that may contain Go templates. */
export interface TemplatedYaml {
  readonly documents: readonly LocatedNode[]
  /** Templates on their own lines that print unknown text. */
  readonly printed: readonly { readonly at: Position; readonly template: string }[]
  /** True for two positions between which a template decides which text stays. */
  readonly isBranched: (first: Position, second: Position) => boolean
}

/** Templated YAML with its faults, for a text that is part of a file. */
export interface TemplatedText extends TemplatedYaml {
  readonly faults: readonly LocatedFault[]
}

/**
 * Reads YAML that may contain Go templates. Valid YAML is read unchanged; otherwise, templates are read as text, or
 * skipped if they are on their own lines. Faults have the file's own `file:line:column`.
 */
export function readTemplatedYaml({ file, text }: SourceText): Result<TemplatedYaml> {
  const read = readTemplatedText(text)
  return read.faults.length > 0 ? failWith(file, read.faults) : success(read)
}

/** @param inFile converts a position in the text to one in its file */
export function readTemplatedText(
  text: string,
  inFile: (position: Position) => Position = (position) => position,
): TemplatedText {
  const plain = parseLocated(text, { inFile })
  const nothing = { printed: [], isBranched: () => false }
  if (plain.faults.length === 0) return { ...plain, ...nothing }
  const hidden = hideTemplates(text)
  const place = positionsOf(text)
  const positionOf = (offset: number) => inFile(place(offset))
  // The text after an unclosed template is misread, so only the template is reported.
  const unended: LocatedFault[] =
    hidden.open === undefined
      ? []
      : [{ at: positionOf(hidden.open), message: 'the template that starts here is not closed' }]
  if (hidden.text === text) return { ...plain, ...nothing, faults: [...unended, ...plain.faults] }
  const claimed = new Set<number>()
  const printedAfter = (offset: number): string | undefined => {
    const next = firstFrom(hidden.printed, offset, ({ start }) => start)
    if (next === undefined || !isNextValue(hidden.text, offset, next.start)) return undefined
    claimed.add(next.start)
    return templateIn(text.slice(next.start, next.end))
  }
  const read = parseLocated(hidden.text, { original: text, printedAfter, inFile })
  const lines = hidden.branches.map((offset) => positionOf(offset).line)
  return {
    ...read,
    faults: read.faults.length > 0 ? [...unended, ...read.faults] : [],
    printed: hidden.printed
      .filter(({ start }) => !claimed.has(start))
      .map(({ start, end }) => ({
        at: positionOf(start),
        template: templateIn(text.slice(start, end)) ?? '',
      })),
    isBranched: (first, second) => {
      const line = firstFrom(lines, first.line + 1, (one) => one)
      return line !== undefined && line <= second.line
    },
  }
}

/** Returns the first item of a sorted list whose key is not below a given one. */
function firstFrom<T>(
  sorted: readonly T[],
  least: number,
  keyOf: (item: T) => number,
): T | undefined {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = sorted[middle]
    if (item !== undefined && keyOf(item) < least) low = middle + 1
    else high = middle
  }
  return sorted[low]
}

/** True when only a key's colon, space and comments are between two offsets. */
function isNextValue(text: string, from: number, to: number): boolean {
  const rest = /\s*:\s*(?:#[^\n]*\n\s*)*/y
  rest.lastIndex = from
  return rest.test(text) && rest.lastIndex >= to
}
