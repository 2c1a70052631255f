/** A fenced block of a Markdown page. */
export interface Block {
  /** The first word after the opening fence; empty when there is none. */
  readonly language: string
  readonly text: string
  /** Line of the opening fence, counted from 1. */
  readonly line: number
  /** Comments `<!-- key: value -->` directly above the block, by key. */
  readonly notes: ReadonlyMap<string, string>
}

/** A page without its fenced blocks: empty lines take their place, so that line numbers stay. */
export interface Page {
  readonly blocks: readonly Block[]
  readonly prose: string
}

const opening = /^( *)(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/
const note = /^\s*<!--\s*([a-z][a-z -]*?)\s*:\s*(.*?)\s*-->\s*$/

/** Splits a page into blocks and prose. Throws for a block that is not closed. */
export function readPage(markdown: string): Page {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  const prose: string[] = []
  let notes = new Map<string, string>()
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const [, indent, fence, language = ''] = opening.exec(line) ?? []
    if (indent !== undefined && fence !== undefined) {
      const end = findClosing(lines, at + 1, fence)
      if (end === -1) throw new Error(`the block that starts at line ${at + 1} is not closed`)
      const text = lines.slice(at + 1, end).map((one) => unindent(one, indent.length))
      blocks.push({ language, text: text.join('\n'), line: at + 1, notes })
      prose.push(...lines.slice(at, end + 1).map(() => ''))
      notes = new Map()
      at = end
      continue
    }
    prose.push(line)
    const [, key, value] = note.exec(line) ?? []
    if (key !== undefined && value !== undefined) notes.set(key, value)
    else if (line.trim() !== '') notes = new Map()
  }
  return { blocks, prose: prose.join('\n') }
}

/** A fence is closed by one of the same character that is at least as long. */
function findClosing(lines: readonly string[], from: number, fence: string): number {
  return lines.findIndex((line, index) => {
    if (index < from) return false
    const mark = line.trim()
    return mark.startsWith(fence) && mark.replaceAll(fence.charAt(0), '') === ''
  })
}

function unindent(line: string, columns: number): string {
  const spaces = line.length - line.trimStart().length
  return line.slice(Math.min(columns, spaces))
}
