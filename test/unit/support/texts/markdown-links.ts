import { readPage } from './markdown-blocks.ts'

/** A link or an image, with the line it is on, counted from 1. */
export interface Link {
  readonly target: string
  readonly line: number
}

const patterns = [
  // [text](target) and ![text](target), also with a title
  /\]\(\s*<?([^)\s>]+)>?(?:\s[^)]*)?\)/g,
  // [label]: target
  /^ {0,3}\[[^\]]+\]:\s*(\S+)/g,
  /\b(?:href|src)="([^"]*)"/g,
]

/** Returns every link of a page, apart from those in code. */
export function readLinks(markdown: string): Link[] {
  const lines = readPage(markdown).prose.split('\n')
  return lines.flatMap((line, index) => {
    const text = line.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    return patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].map(([, target = '']) => ({ target, line: index + 1 })),
    )
  })
}

/** Returns the headings of a page as text, in order. */
export function readHeadings(markdown: string): string[] {
  const lines = readPage(markdown).prose.split('\n')
  return lines.flatMap((line) => {
    const [, heading] = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line) ?? []
    return heading === undefined ? [] : [heading]
  })
}

/** Returns the anchors under which a page's headings can be linked to, as GitHub makes them. */
export function readAnchors(markdown: string): Set<string> {
  const seen = new Map<string, number>()
  const anchors = readHeadings(markdown).map((heading) => {
    const text = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation} -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  return new Set(anchors)
}
