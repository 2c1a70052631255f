import { Document, type Node, visit } from 'yaml'
import { escapeUnreadable } from '../../model/tree/json.ts'
import { escapeStrings, isPrintable } from '../../model/text/printable.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import { resolveAsHelm } from './helm-scalar.ts'

/** Text that every reader of YAML reads in the same way when it stands without quotes or in a block. */
const ordinary = /^[\x20-\x7E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\n]*$/u

/**
 * Prints a node as YAML for people, so that helm reads the same from it: what looks like something else to YAML 1.1, as
 * `on` and `0o17` do, is quoted, and characters that end a line there, or that could steer a terminal, are escaped. Ends with a line break.
 */
export function printYaml(node: ValuesNode): string {
  // With YAML 1.1 the library itself quotes most of what needs it.
  const document = new Document(node, {
    version: '1.1',
    // A key that is called "<<" is a text like others.
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':merge')),
    aliasDuplicateObjects: false,
  })
  quoteForHelm(document)
  // Without limits a text in quotes stays on one line, where nothing is folded.
  const options = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }
  return escapeStrings(escapeUnreadable(document.toString(options)), 'yaml')
}

/** Puts quotes around every text of a syntax tree that helm would not read as that text without them. */
export function quoteForHelm(node: Node | Document): void {
  visit(node, {
    Scalar: (_, scalar) => {
      const { value } = scalar
      if (typeof value === 'string' && needsQuotes(value)) scalar.type = 'QUOTE_DOUBLE'
    },
  })
}

function needsQuotes(text: string): boolean {
  if (text === '<<' || typeof resolveAsHelm(text) !== 'string') return true
  if (escapeUnreadable(text) !== text || !ordinary.test(text)) return true
  if (!text.split('\n').every(isPrintable)) return true
  // A block keeps neither an indented first line nor empty last ones for every reader.
  return text.includes('\n') && !/^\S[^]*\S\n?$/.test(text)
}
