/** The effect of a Go template on the text: `silent` ones print nothing, `branch` ones decide which text stays. */
export type TemplateKind = 'prints' | 'silent' | 'branch'

export interface Template {
  readonly start: number
  readonly end: number
  readonly kind: TemplateKind
}

/** Maximum length of a template; the longest in public repositories have about 2,000 characters. */
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

/** Finds the template that starts at an offset; returns undefined if there is none or it is not closed. */
export type FindTemplate = (start: number) => Template | undefined

/** Creates a finder for one text. Ascending offsets are the fastest. */
export function templateFinder(text: string): FindTemplate {
  // The next closing braces, and the offset from which they were searched.
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
 * Characters that may still be examined in one text. An unclosed quote makes the search run to its limit, for each
 * template again; once the effort is used up, a template ends at its next braces.
 */
interface Effort {
  left: number
}

/**
 * Returns where a template ends, ignoring braces in its strings, raw strings and comments. Returns undefined when only
 * such braces are left.
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
    // An unclosed quote is an ordinary character of a broken template.
    if (character === '"' || character === '`')
      index = endOfString(text, index, limit, effort) ?? index
  }
  return undefined
}

/** Returns the closing quote of a string: a double-quoted one is on one line, a raw one has no escapes. */
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
