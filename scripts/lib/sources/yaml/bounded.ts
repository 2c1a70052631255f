import { Composer, type Document, LineCounter, Parser } from 'yaml'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import type { Dialect } from './dialect.ts'
import { findTooDeep, hasTooManyTokens, withoutEndlessFaults } from './tokens.ts'

/** A fault in a text, with its offset. */
export interface TextFault {
  readonly offset: number
  readonly message: string
}

/** Maximum characters of a text that is read with positions. */
const maximumLength = 16 * 1024 * 1024

export interface BoundedDocument {
  readonly document: Document.Parsed | undefined
  readonly faults: readonly TextFault[]
  readonly lines: LineCounter
}

/**
 * Parses a text into its syntax tree. The depth is measured before the tree is composed: composing is recursive, and
 * compiling a regular expression at the end of the stack crashes the whole process (Node 20, V8).
 */
export function parseBounded(text: string, { options, breaks }: Dialect): BoundedDocument {
  const lines = new LineCounter()
  const fail = (offset: number, message: string) => ({
    document: undefined,
    faults: [{ offset, message }],
    lines,
  })
  if (text.length > maximumLength || hasTooManyTokens(text)) {
    lines.addNewLine(0)
    return fail(0, describeTreeFault('length'))
  }
  const tokens = tokensOf(text.replaceAll(breaks, '\n'), lines)
  if (tokens === undefined) return fail(0, describeTreeFault('depth'))
  const tooDeep = findTooDeep(tokens)
  if (tooDeep !== undefined) return fail(tooDeep, describeTreeFault('depth'))
  // The reader checks for equal keys, in linear time.
  const composer = new Composer({ ...options, uniqueKeys: false, prettyErrors: false })
  const [document, second] = composer.compose(tokens, true, text.length)
  return {
    document,
    faults: [
      ...(document?.errors ?? []).map(({ pos, message }) => ({ offset: pos[0], message })),
      ...(second === undefined
        ? []
        : [{ offset: second.range[0], message: 'there is more than one document' }]),
    ],
    lines,
  }
}

/**
 * Returns the tokens; undefined for a text nested so deeply that the parser, which closes collections recursively,
 * overflows.
 */
function tokensOf(text: string, lines: LineCounter) {
  try {
    return withoutEndlessFaults(new Parser(lines.addNewLine).parse(text))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
