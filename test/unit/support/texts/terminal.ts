import { PassThrough } from 'node:stream'
import { createTerminal, type Terminal } from '../../../../scripts/lib/cli/terminal.ts'

export interface FakeTerminal {
  readonly terminal: Terminal
  /** All that was written so far. */
  readonly text: () => string
}

/** A terminal, or a pipe, that keeps what it is told. */
export function fakeTerminal(
  about: { isTTY: boolean; columns?: number; rows?: number } = { isTTY: false },
  useColor = false,
): FakeTerminal {
  let text = ''
  const stream = Object.assign(new PassThrough(), about)
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    terminal: createTerminal(stream as unknown as NodeJS.WriteStream, useColor),
    text: () => text,
  }
}
