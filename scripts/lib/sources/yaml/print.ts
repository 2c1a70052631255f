import { Document, type Node, visit } from 'yaml'
import { escapeUnreadable } from '../../model/tree/json.ts'
import { escapeStrings, isPrintable } from '../../model/text/printable.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import { resolveAsHelm } from './helm-scalar.ts'

/** Text that every YAML reader reads in the same way without quotes or in a block. */
const ordinary = /^[\x20-\x7E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\n]*$/u

/**
 * Prints a node as readable YAML that helm reads as the same data: text with another meaning in YAML 1.1, such as `on`
 * and `0o17`, is quoted, and characters that end a line there, or that could control a terminal, are escaped. Ends with
 * a line break.
 */
export function printYaml(node: ValuesNode): string {
  // With YAML 1.1, the library itself quotes most text that needs it.
  const document = new Document(node, {
    version: '1.1',
    // A key named "<<" is ordinary text.
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':merge')),
    aliasDuplicateObjects: false,
  })
  quoteForHelm(document)
  // Without limits, quoted text stays on one line and is not folded.
  const options = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }
  return escapeStrings(escapeUnreadable(document.toString(options)), 'yaml')
}

/** Quotes every text in a syntax tree that helm would otherwise read differently. */
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
  // Not every reader keeps an indented first line or trailing empty lines of a block.
  return text.includes('\n') && !/^\S[^]*\S\n?$/.test(text)
}
