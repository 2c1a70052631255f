import { matchAt } from './lines.ts'
import { findInText, type Hit } from './token.ts'

// No blank of these patterns can be read from two places: what leads up to a line is that line's alone, and what
// follows a colon is looked at once for that colon.
const defaultKey = /^[^\S\n\r\u2028\u2029]*default:/gm
const defaultValue = /\s*["']?([^\s"']+)["']?\s*$/my

/** Defaults of a resource definition name images that its operator pulls when a resource leaves them out. */
export function findDefaults(text: string): Hit[] {
  const hits: Hit[] = []
  defaultKey.lastIndex = 0
  for (let key = defaultKey.exec(text); key !== null; key = defaultKey.exec(text)) {
    const from = defaultKey.lastIndex
    const found = matchAt(defaultValue, text, from)
    if (found === null) continue
    defaultKey.lastIndex = defaultValue.lastIndex
    const [whole, value = ''] = found
    if (!value.includes('/')) continue
    const offset = from + whole.indexOf(value)
    for (const hit of findInText(value, '')) {
      hits.push({ ...hit, start: hit.start + offset, end: hit.end + offset, class: 'potential' })
    }
  }
  return hits
}
