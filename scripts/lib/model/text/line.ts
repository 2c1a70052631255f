import { printable } from './printable.ts'
import { redactSecrets } from './redact.ts'

/** A line that a person reads is never longer; a server or a chart may send megabytes. */
const longestLine = 16_384

/**
 * Returns text as one line for people: without secrets of addresses and tokens, without anything that steers a terminal
 * or a CI system, and with an end.
 */
export function lineOf(text: string): string {
  const rest = text.length - longestLine
  const line = printable(redactSecrets(rest > 0 ? text.slice(0, longestLine) : text))
  return rest > 0 ? `${line} … (${rest} more characters)` : line
}
