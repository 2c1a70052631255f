import { lineOf } from './line.ts'

/** Returns a text as one word of a POSIX shell, for a command that a person may copy. Control characters are escaped. */
export function shellWord(text: string): string {
  const line = lineOf(text)
  return /^[\w@%+:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", String.raw`'\''`)}'`
}
