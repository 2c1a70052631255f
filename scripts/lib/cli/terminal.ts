import { styleText } from 'node:util'
import { lineOf } from '../model/text/line.ts'
import { isPrintable } from '../model/text/printable.ts'

/** How a part of a line stands out on a terminal. */
export type Style = 'bold' | 'red' | 'green' | 'yellow'

/** One line; its beginning may be styled. A line break in it is spelled out like every other control character. */
export type Line =
  string | { readonly style: Style; readonly label: string; readonly rest?: string }

/** Lines that are moved along below all others. */
export interface LiveArea {
  readonly update: (lines: readonly string[]) => void
  /** Makes room for `print`; the next update draws the area again. */
  readonly clear: () => void
  readonly done: () => void
}

/** The only way to a stream that people read. */
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
    // The whole is made printable at once, because its parts may mean something only together.
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

/** Where results go that people read. */
export const stdoutTerminal = (): Terminal => createTerminal(process.stdout)
/** Where progress and messages go. */
export const stderrTerminal = (): Terminal => createTerminal(process.stderr)

/**
 * Writes a result for machines to stdout, exactly as it is. Its maker has escaped what could steer a terminal; text of
 * which that is not true is not written. Throws an `Error` then.
 */
export function writeExactly(text: string): void {
  if (!text.split('\n').every(isPrintable)) {
    throw new Error('a result was about to be written with control characters in it')
  }
  process.stdout.write(text)
}
