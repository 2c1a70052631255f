import { Composer, Parser } from 'yaml'
import { describeFault } from '../../model/tree/fault-text.ts'
import { findTooDeep, withoutEndlessFaults } from '../yaml/tokens.ts'
import { composeDocument } from './compose.ts'
import type { TextFault } from './faults.ts'
import type { LocatedNode, Position } from './node.ts'

export interface ParseOptions {
  /** The text as the file has it, of the same length, where words stand in for templates; see `hideTemplates`. */
  readonly original?: string
  /** A template that prints the value of a key and stands in lines of its own, by the offset after the key. */
  readonly printedAfter?: (offset: number) => string | undefined
  /** The place in its file of a place in the text, where that is a part of it. */
  readonly inFile?: (position: Position) => Position
}

export interface ParsedText {
  /** One for each document that has content. */
  readonly documents: readonly LocatedNode[]
  readonly faults: readonly TextFault[]
}

/** To helm these end a line or are not allowed at all, to other parsers they are text. */
// oxlint-disable-next-line no-control-regex
const unreadable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]/

/**
 * Parses YAML as helm reads it, with the place of everything in it. Faults are values: of a text with faults, the
 * documents are not to be used.
 */
export function parseLocated(text: string, options: ParseOptions = {}): ParsedText {
  const { inFile = (position) => position } = options
  // To helm a carriage return alone ends a line, too.
  const plain = text.replaceAll(/\r(?!\n)/g, '\n')
  const place = positionsOf(plain)
  const positionOf = (offset: number) => inFile(place(offset))
  const tokens = withoutEndlessFaults(new Parser().parse(plain))
  // Composing is recursive: brackets in brackets would end its stack.
  const deep = findTooDeep(tokens)
  if (deep !== undefined) {
    const message = describeFault('depth')
    return { documents: [], faults: [{ at: positionOf(deep), message }] }
  }
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  // Faults before any content belong to a document, or are lost.
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
): TextFault {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return {
    at: positionOf(index),
    message: `not every parser reads the character U+${code}; write it as an escape sequence in double quotes`,
  }
}

/** Positions in a text that was not parsed. */
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
