import { failure, type Result } from '../../model/problem.ts'
import type { Position } from './node.ts'

/** A fault at a position in a file. */
export interface LocatedFault {
  readonly at: Position
  readonly message: string
}

/** Maximum faults listed per file: most follow from the first. */
export const shownFaults = 10

/** Lists messages, one per line: the first ten, and how many more there are. */
export function listMessages(messages: readonly string[]): string {
  const rest = messages.length - shownFaults
  if (rest <= 0) return messages.join('\n')
  return [...messages.slice(0, shownFaults), `and ${rest} more`].join('\n')
}

/** Fails with the faults of a file, each with `file:line:column`, in the order of the file. */
export function failWith(file: string, faults: readonly LocatedFault[]): Result<never> {
  const sorted = faults.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
  const messages = sorted.map(({ at, message }) => `${file}:${at.line}:${at.column}: ${message}`)
  const [headline] = messages
  return failure({
    kind: 'invalid-input',
    side: 'input',
    message: listMessages([...new Set(messages)]),
    ...(headline !== undefined && { headline }),
  })
}
