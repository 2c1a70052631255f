import { printable } from './printable.ts'
import { redactSecrets } from './redact.ts'

/** Maximum length of a displayed line; a server or a chart may send megabytes. */
const longestLine = 16_384

/**
 * Returns text as one displayable line: replaces secrets, spells out whatever could control a terminal or a CI system,
 * and cuts a line that is too long.
 */
export function lineOf(text: string): string {
  const rest = text.length - longestLine
  // Secrets are replaced before the cut, because half a secret would not be recognized.
  const beginning = redactSecrets(text.slice(0, 2 * longestLine)).slice(0, longestLine)
  const line = printable(beginning)
  return rest > 0 ? `${line} … (${rest} more characters)` : line
}
