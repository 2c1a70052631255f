import { fstatSync } from 'node:fs'
import { styleText } from 'node:util'
import { inputProblem, ProblemError } from '../model/problem.ts'
import { lineOf } from '../model/text/line.ts'
import { isPrintable } from '../model/text/printable.ts'

/** The style of a part of a line on a terminal. */
export type Style = 'bold' | 'red' | 'green' | 'yellow'

/** One line; its start may be styled. Line breaks in it are escaped, like all control characters. */
export type Line =
  string | { readonly style: Style; readonly label: string; readonly rest?: string }

/** Lines that stay below all others. */
export interface LiveArea {
  readonly update: (lines: readonly string[]) => void
  /** Clears the area for `print`; the next update draws it again. */
  readonly clear: () => void
  readonly done: () => void
}

/** The only output to streams that people read. */
export interface Terminal {
  readonly isInteractive: boolean
  readonly size: () => { readonly columns: number; readonly rows: number }
  readonly print: (lines: Line | readonly Line[]) => void
  readonly openLiveArea: () => Promise<LiveArea>
}

export function createTerminal(
  stream: NodeJS.WriteStream,
  useColor = stream.isTTY && !process.env['NO_COLOR'],
): Terminal {
  const paint = (line: Line): string => {
    if (typeof line === 'string') return lineOf(line)
    // The whole line is escaped at once, because a control sequence may span its parts.
    const whole = lineOf(`${line.label}${line.rest ?? ''}`)
    if (!useColor || !whole.startsWith(line.label)) return whole
    const label = styleText(line.style, line.label, { validateStream: false })
    return `${label}${whole.slice(line.label.length)}`
  }
  return {
    isInteractive: stream.isTTY,
    size: () => ({ columns: stream.columns, rows: stream.rows }),
    print: (lines) => {
      const text = linesOf(lines).map((line) => `${paint(line)}\n`)
      if (text.length > 0) stream.write(text.join(''))
    },
    async openLiveArea() {
      const { createLogUpdate } = await import('log-update')
      const area = createLogUpdate(stream, { showCursor: true })
      return {
        update: (lines) => area(lines.map(lineOf).join('\n')),
        clear: () => area.clear(),
        done: () => area.done(),
      }
    },
  }
}

function linesOf(lines: Line | readonly Line[]): readonly Line[] {
  return typeof lines === 'string' || 'style' in lines ? [lines] : lines
}

/** Returns the terminal for results. */
export const stdoutTerminal = (): Terminal => createTerminal(process.stdout)
/** Returns the terminal for progress and messages. */
export const stderrTerminal = (): Terminal => createTerminal(process.stderr)

/**
 * Writes a result for machines to stdout unchanged. Its producer has escaped all control characters. Throws an `Error`
 * for text that contains any.
 */
export function writeExactly(text: string): void {
  if (!text.split('\n').every(isPrintable)) {
    throw new Error('a result contains control characters')
  }
  process.stdout.write(text)
}

/**
 * Writes text of the user to stdout unchanged. Throws `ProblemError` for text that could control a terminal or a CI
 * system, unless it goes to a file.
 */
export function writeVerbatim(text: string): void {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '').replaceAll('\t', ' '))
  const unsafe = lines.findIndex((line) => !isPrintable(line))
  if (unsafe !== -1 && !fstatSync(1).isFile()) {
    const line = lineOf(lines[unsafe] ?? '').trim()
    throw new ProblemError(
      inputProblem(
        `line ${unsafe + 1} of the result has characters that could control a terminal: ${line}`,
        'write the result to a file: add > FILE',
      ),
    )
  }
  process.stdout.write(text)
}
