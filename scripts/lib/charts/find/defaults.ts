import { matchAt, openLines } from './lines.ts'
import { findInText, type Hit } from './token.ts'

const defaultKey = /(?<![\w.-])(["']?)default\1:(?=[\s"'[{])/g
const indentation = /[^\S\n]*/y
const blankLine = /[^\S\n]*(?:\n|$)/y

/** Maximum length of a default within a line of JSON or of a flow mapping. */
const longestInLine = 1_024

/** How far the description of a property may be behind its name. */
const longestHead = 4_096

/**
 * Finds the images in defaults of a resource definition, which its operator pulls when a resource omits them. A default
 * is a text, a block of lines, or a part of a line. Reads each line once, because no default is in another one.
 */
export function findDefaults(text: string): Hit[] {
  const hits: Hit[] = []
  const lines = openLines(text)
  let done = 0
  for (const match of text.matchAll(defaultKey)) {
    if (match.index < done) continue
    const line = lines.startOf(match.index)
    const indent = matchAt(indentation, text, line)?.[0].length ?? 0
    const from = match.index + match[0].length
    const isBlock = line + indent === match.index
    if (isBlock && isSchema(text.slice(from, blockEnd(text, from, indent, from + longestHead)))) {
      continue
    }
    done = isBlock ? blockEnd(text, from, indent, text.length) : inLineEnd(text, from)
    for (const hit of findInText(text.slice(from, done), '')) {
      const place = { start: hit.start + from, end: hit.end + from }
      if (!text.slice(place.start, place.end).includes('/')) continue
      hits.push({ ...hit, ...place, class: 'potential' })
    }
  }
  return hits
}

/** True for the schema of a property that is called `default`: it has the description of one. */
function isSchema(block: string): boolean {
  return /^[^\S\n]*description:/m.test(block)
}

/** Returns the end of a line and of all that are indented further than it; looks no further than the limit. */
function blockEnd(text: string, from: number, indent: number, limit: number): number {
  let end = endOfLine(text, from)
  while (end < Math.min(limit, text.length)) {
    const next = matchAt(indentation, text, end)?.[0].length ?? 0
    if (next <= indent && matchAt(blankLine, text, end) === null) return end
    end = endOfLine(text, end)
  }
  return end
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from)
  return newline === -1 ? text.length : newline + 1
}

function inLineEnd(text: string, from: number): number {
  const rest = text.slice(from, from + longestInLine)
  const end = rest.search(/\n|[}\]]/)
  return from + (end === -1 ? rest.length : end)
}
