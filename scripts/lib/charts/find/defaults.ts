import { matchAt } from './lines.ts'
import { findInText, type Hit } from './token.ts'

// These patterns take linear time: the text before a line belongs to that line only, and the text after a colon is
// scanned once for that colon.
const defaultKey = /^[^\S\n\r\u2028\u2029]*default:/gm
const defaultValue = /\s*["']?([^\s"']+)["']?\s*$/my

/** Finds the images in defaults of a resource definition, which its operator pulls when a resource omits them. */
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
