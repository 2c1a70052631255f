import { Composer, Parser } from 'yaml'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import { findTooDeep, hasTooManyTokens, withoutEndlessFaults } from '../yaml/tokens.ts'
import { composeDocument } from './compose.ts'
import type { LocatedFault } from './faults.ts'
import type { LocatedNode, Position } from './node.ts'

export interface ParseOptions {
  /** The text in the file, of the same length, if words replace its templates; see `hideTemplates`. */
  readonly original?: string
  /** Returns the template on its own lines that prints the value of a key, by the offset after the key. */
  readonly printedAfter?: (offset: number) => string | undefined
  /** Converts a position in the text to one in its file, if the text is part of a file. */
  readonly inFile?: (position: Position) => Position
}

export interface ParsedText {
  /** One for each document with content. */
  readonly documents: readonly LocatedNode[]
  readonly faults: readonly LocatedFault[]
}

/** helm treats these as line ends or rejects them; other parsers treat them as text. */
// oxlint-disable-next-line no-control-regex
const unreadable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]/

/**
 * Parses YAML as helm reads it, with the position of everything in it. Returns faults as values; do not use the
 * documents of a text with faults.
 */
export function parseLocated(text: string, options: ParseOptions = {}): ParsedText {
  const { inFile = (position) => position } = options
  // To helm, a lone carriage return also ends a line.
  const plain = text.replaceAll(/\r(?!\n)/g, '\n')
  if (hasTooManyTokens(plain)) {
    const at = inFile({ line: 1, column: 1 })
    return { documents: [], faults: [{ at, message: describeTreeFault('length') }] }
  }
  const place = positionsOf(plain)
  const positionOf = (offset: number) => inFile(place(offset))
  const tokens = withoutEndlessFaults(new Parser().parse(plain))
  // Composing is recursive: nested brackets would overflow its stack.
  const deep = findTooDeep(tokens)
  if (deep !== undefined) {
    const message = describeTreeFault('depth')
    return { documents: [], faults: [{ at: positionOf(deep), message }] }
  }
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  // Faults before any content must belong to a document, or they are lost.
  const isFaulty = tokens.some(({ type }) => type === 'error')
  const parsed = [...composer.compose(tokens, isFaulty, plain.length)]
  const faults = parsed.flatMap(({ errors }) =>
    errors.map(({ pos, message }) => ({ at: positionOf(pos[0]), message })),
  )
  const [, ...later] = parsed
  for (const { contents, directives } of later) {
    if (directives.docStart === true || contents?.range == null) continue
    const message = 'helm ignores everything after "..."; start a new document with "---"'
    faults.push({ at: positionOf(contents.range[0]), message })
  }
  const foreign = unreadable.exec(plain)
  if (foreign !== null) faults.push(faultOf(foreign, positionOf))
  if (faults.length > 0) return { documents: [], faults }
  const input = {
    text: plain,
    original: options.original ?? plain,
    positionOf,
    printedAfter: options.printedAfter ?? (() => undefined),
  }
  const composed = parsed.map((document) => composeDocument(document, input))
  return {
    documents: composed.flatMap(({ root }) => root ?? []),
    faults: composed.flatMap((one) => one.faults),
  }
}

function faultOf(
  { 0: character, index }: RegExpExecArray,
  positionOf: (offset: number) => Position,
): LocatedFault {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return {
    at: positionOf(index),
    message: `some parsers cannot read the character U+${code}; write it as an escape sequence in double quotes`,
  }
}

/** Creates a function that converts offsets to positions in an unparsed text. */
export function positionsOf(text: string): (offset: number) => Position {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1)
  }
  return (offset) => {
    let [low, high] = [0, starts.length]
    while (low + 1 < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
