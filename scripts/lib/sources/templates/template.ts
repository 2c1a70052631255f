/** What a go template leaves in the text: `silent` ones nothing, `branch` ones decide what of it stays. */
export type TemplateKind = 'prints' | 'silent' | 'branch'

export interface Template {
  readonly start: number
  readonly end: number
  readonly kind: TemplateKind
}

/** The longest template that is looked for; the longest of public repositories have some 2,000 characters. */
const maximumLength = 16_384

const branches: ReadonlySet<string> = new Set([
  'if',
  'else',
  'end',
  'range',
  'with',
  'break',
  'continue',
])
const silent: ReadonlySet<string> = new Set(['define', 'block'])

/** Finds the template that begins at an offset; nothing where none does, or where it does not end. */
export type FindTemplate = (start: number) => Template | undefined

/** Makes a finder for one text. Offsets in rising order cost the least. */
export function templateFinder(text: string): FindTemplate {
  // The next closing braces, and from where they were looked for.
  let [from, close] = [0, 0]
  const effort = { left: 16 * text.length + 4 * maximumLength }
  return (start) => {
    if (!text.startsWith('{{', start)) return undefined
    const isKnown = from <= start && (close === -1 || close >= start + 2)
    if (!isKnown) [from, close] = [start, text.indexOf('}}', start + 2)]
    const limit = Math.min(text.length, start + maximumLength)
    if (close === -1 || close + 2 > limit) return undefined
    const end = endOf(text, start + 2, limit, effort) ?? close + 2
    return { start, end, kind: kindOf(text.slice(start, end)) }
  }
}

function kindOf(template: string): TemplateKind {
  const body = template.replace(/^\{\{-?\s*/, '')
  if (body.startsWith('/*') || /^\$\w*\s*(?:,\s*\$\w+\s*)?:?=/.test(body)) return 'silent'
  const word = /^[a-z]+(?![\w.])/.exec(body)?.[0] ?? ''
  if (branches.has(word)) return 'branch'
  return silent.has(word) ? 'silent' : 'prints'
}

/**
 * Characters that may still be looked at in one text. Quotes that do not close make a template be looked through to its
 * limit, and the next one again: where all of this is used up, a template ends at its next braces.
 */
interface Effort {
  left: number
}

/**
 * Where a template ends: braces in its strings, raw strings and comments are not its own. Nothing when only braces in
 * those are left.
 */
function endOf(text: string, from: number, limit: number, effort: Effort): number | undefined {
  const body = /[-\s]*/y
  body.lastIndex = from
  body.test(text)
  if (text.startsWith('/*', body.lastIndex)) {
    const closed = effort.left > 0 ? text.slice(from, limit).indexOf('*/') : -1
    effort.left -= closed === -1 ? limit - from : closed
    if (closed !== -1) return endOf(text, from + closed + 2, limit, effort)
  }
  for (let index = from; index < limit && effort.left > 0; index += 1) {
    effort.left -= 1
    const character = text[index]
    if (character === '}' && text[index + 1] === '}') return index + 2
    // A quote that does not close is an ordinary character of a broken template.
    if (character === '"' || character === '`')
      index = endOfString(text, index, limit, effort) ?? index
  }
  return undefined
}

/** The closing quote of a string: one in double quotes stands on one line, a raw one has no escapes. */
function endOfString(
  text: string,
  start: number,
  limit: number,
  effort: Effort,
): number | undefined {
  const quote = text[start]
  for (let index = start + 1; index < limit && effort.left > 0; index += 1) {
    effort.left -= 1
    const character = text[index]
    if (character === quote) return index
    if (quote === '`') continue
    if (character === '\n') return undefined
    if (character === '\\') index += 1
  }
  return undefined
}
