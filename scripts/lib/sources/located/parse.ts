import { LineCounter, parseAllDocuments } from 'yaml'
import { composeDocument } from './compose.ts'
import type { TextFault } from './faults.ts'
import type { LocatedNode, Position } from './node.ts'

/** What stands in for templates in a text, see `hideTemplates`. */
export interface StandIns {
  /** The text as the file has it: of the same length. */
  readonly original: string
  readonly printedAfter: (offset: number) => string | undefined
}

export interface ParsedText {
  /** One for each document that has content. */
  readonly documents: readonly LocatedNode[]
  readonly faults: readonly TextFault[]
}

/** The parser is recursive, and its stack ends before such a text does. */
const tooDeep = 'nested too deeply'

/** To helm these end a line or are not allowed at all, to other parsers they are text. */
// oxlint-disable-next-line no-control-regex
const unreadable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]/

/**
 * Parses YAML as helm reads it, with the place of everything in it. Faults are values: of a text with faults, the
 * documents are not to be used.
 */
export function parseLocated(text: string, standIns?: StandIns): ParsedText {
  const lines = new LineCounter()
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  // To helm a carriage return alone ends a line, too.
  const plain = text.replaceAll(/\r(?!\n)/g, '\n')
  try {
    const parsed = parseAllDocuments(plain, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter: lines,
    })
    const faults = parsed.flatMap(({ errors }) =>
      errors.map(({ pos, code, message }) => ({
        at: positionOf(pos[0]),
        message: code === 'RESOURCE_EXHAUSTION' ? tooDeep : message,
      })),
    )
    const [, ...later] = parsed
    for (const { contents, directives } of later) {
      if (directives.docStart === true || contents?.range == null) continue
      const message = 'helm reads nothing after "..."; begin a document with "---"'
      faults.push({ at: positionOf(contents.range[0]), message })
    }
    const foreign = unreadable.exec(plain)
    if (foreign !== null) faults.push(faultOf(foreign, positionOf))
    if (faults.length > 0) return { documents: [], faults }
    const input = {
      text: plain,
      original: standIns?.original ?? plain,
      positionOf,
      printedAfter: standIns?.printedAfter ?? (() => undefined),
    }
    const composed = parsed.map((document) => composeDocument(document, input))
    return {
      documents: composed.flatMap(({ root }) => root ?? []),
      faults: composed.flatMap((one) => one.faults),
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { documents: [], faults: [{ at: { line: 1, column: 1 }, message: tooDeep }] }
  }
}

function faultOf(
  { 0: character, index }: RegExpExecArray,
  positionOf: (offset: number) => Position,
): TextFault {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return {
    at: positionOf(index),
    message: `the character U+${code} is not read by every parser as it stands; write it as an escape in double quotes`,
  }
}
