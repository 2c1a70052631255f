import { printable } from './printable.ts'
import { redactSecrets } from './redact.ts'

/** A line that a person reads is never longer; a server or a chart may send megabytes. */
const longestLine = 16_384

/**
 * Returns text as one line for people: secrets are replaced, whatever could steer a terminal or a CI system is spelled
 * out, and a line that is too long is cut.
 */
export function lineOf(text: string): string {
  const rest = text.length - longestLine
  // A secret that the cut goes through would not be known as one: it is replaced before.
  const beginning = redactSecrets(text.slice(0, 2 * longestLine)).slice(0, longestLine)
  const line = printable(beginning)
  return rest > 0 ? `${line} … (${rest} more characters)` : line
}
