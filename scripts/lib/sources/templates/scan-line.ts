import { append } from '../../model/collections.ts'
import type { FindTemplate } from './template.ts'

interface LineStart {
  /** Offset of the first character that is not a space. */
  readonly first: number
  readonly indent: number
  /** Number of open brackets and braces. */
  readonly flow: number
}

interface ScannedLine {
  /** Offset of the next line. Quoted text may span several. */
  readonly next: number
  readonly flow: number
  /** The block scalar that starts on this line is right of this column. */
  readonly block: number | undefined
  /** Templates that YAML would not read as text. */
  readonly hidden: readonly { readonly start: number; readonly end: number }[]
  /** The start of an unclosed template. */
  readonly open?: number
}

/** Scans a line to distinguish templates that YAML reads as text from others. */
export function scanLine(text: string, start: LineStart, find: FindTemplate): ScannedLine {
  const hidden: { start: number; end: number }[] = []
  let { flow } = start
  let index = start.first
  /** A value or a key may start here. */
  let mayBegin = true
  let wasQuoted = false
  let open: number | undefined
  /** The start of the line's innermost entry, and of the current key. */
  let entry = start.indent
  let key = start.indent
  const column = () => start.indent + index - start.first
  const lineEnd = () => {
    const end = text.indexOf('\n', index)
    return end === -1 ? text.length : end
  }
  while (index < text.length) {
    const character = text[index] ?? ''
    const following = text[index + 1] ?? '\n'
    const isBeforeSpace = /\s/.test(following)
    if (character === '\n') break
    if (character === ' ' || character === '\t' || character === '\r') {
      index += 1
      continue
    }
    if (character === '#' && /\s/.test(text[index - 1] ?? '\n')) {
      index = lineEnd()
      break
    }
    const template = find(index)
    if (template !== undefined) {
      hidden.push(template)
      if (mayBegin) key = column()
      mayBegin = false
      index = template.end
      continue
    }
    if (
      character === ':' &&
      (isBeforeSpace || (flow > 0 && (wasQuoted || /[,[\]{}]/.test(following))))
    ) {
      mayBegin = true
      wasQuoted = false
      entry = key
      index += 1
      continue
    }
    if (flow > 0 && character === ',') {
      mayBegin = true
      index += 1
      continue
    }
    if (flow > 0 && /[\]}]/.test(character)) {
      flow -= 1
      index += 1
      mayBegin = false
      wasQuoted = true
      continue
    }
    if (!mayBegin) {
      index += 1
      continue
    }
    if (text.startsWith('{{', index)) open ??= index
    if (/[[{]/.test(character)) {
      flow += 1
      index += 1
      continue
    }
    if (character === '"' || character === "'") {
      key = column()
      const quoted = scanQuoted(text, index, find)
      append(hidden, quoted.hidden)
      index = quoted.end
      mayBegin = false
      wasQuoted = true
      continue
    }
    if (flow === 0 && /[-?]/.test(character) && isBeforeSpace) {
      entry = column()
      index += 1
      continue
    }
    if (/[&!]/.test(character)) {
      while (!/[\s,]/.test(text[index] ?? '\n')) index += 1
      continue
    }
    if (flow === 0 && /[|>]/.test(character)) {
      const header = text.slice(index, lineEnd())
      if (/^[|>][-+\d]{0,2}\s*(?:#.*)?$/.test(header)) {
        return { next: lineEnd() + 1, flow, block: entry, hidden }
      }
    }
    key = column()
    mayBegin = false
    wasQuoted = false
    index += 1
  }
  const next = lineEnd() + 1
  return { next, flow, block: undefined, hidden, ...(open !== undefined && { open }) }
}

/** Finds the end of a quoted text. A template whose quotes would end it is hidden. */
function scanQuoted(
  text: string,
  start: number,
  find: FindTemplate,
): { readonly end: number; readonly hidden: ScannedLine['hidden'] } {
  const quote = text[start] ?? ''
  const hidden: { start: number; end: number }[] = []
  let index = start + 1
  while (index < text.length) {
    const template = find(index)
    if (template !== undefined) {
      if (endsQuotes(text.slice(index, template.end), quote)) hidden.push(template)
      index = template.end
      continue
    }
    const character = text[index]
    if (character === quote) {
      if (quote === '"' || text[index + 1] !== quote) return { end: index + 1, hidden }
      index += 1
    } else if (quote === '"' && character === '\\') index += 1
    index += 1
  }
  return { end: index, hidden }
}

/** True for a template with a quote that is not escaped as in YAML. */
function endsQuotes(template: string, quote: string): boolean {
  const plain = quote === '"' ? template.replaceAll(/\\./gs, '') : template.replaceAll("''", '')
  return plain.includes(quote)
}
