import { scanLine } from './scan-line.ts'
import { type Template, templateFinder } from './template.ts'

/** A template on its own lines that prints something; its output is unknown until it is rendered. */
export interface PrintedTemplate {
  readonly start: number
  readonly end: number
}

export interface HiddenTemplates {
  /** Has the same length and lines, so every offset is valid in the original. */
  readonly text: string
  readonly printed: readonly PrintedTemplate[]
  /** Offsets of the templates that decide which text stays: `if`, `else`, `end`, `range`, `with`. */
  readonly branches: readonly number[]
  /** The start of the first unclosed template. */
  readonly open: number | undefined
}

/**
 * Turns text with Go templates into text that YAML can read. A template on its own lines is blanked; another one whose
 * braces YAML would read becomes a word of the same length. Templates in quotes, comments and block scalars stay,
 * unless their own quotes would end those around them. Takes linear time.
 */
export function hideTemplates(original: string): HiddenTemplates {
  const find = templateFinder(original)
  const printed: PrintedTemplate[] = []
  const branches: number[] = []
  const pieces: string[] = []
  let copied = 0
  let open: number | undefined
  const replace = (start: number, end: number, fill: string) => {
    pieces.push(original.slice(copied, start), standIn(original.slice(start, end), fill))
    copied = end
  }
  let flow = 0
  /** The lines of a block scalar are right of this column; undefined outside of one. */
  let block: number | undefined
  /** Templates left of a block but before this offset are part of it. */
  let blockGoesOn = 0
  let index = 0
  while (index < original.length) {
    const first = skipSpaces(original, index)
    const lineEnd = endOfLine(original, first)
    const isBlank = first >= lineEnd || original.slice(first, lineEnd).trim() === ''
    if (isBlank || (block !== undefined && first - index > block)) {
      index = lineEnd + 1
      continue
    }
    const alone = standsAlone(original, first, find)
    if (block !== undefined && alone !== undefined && first >= blockGoesOn) {
      blockGoesOn = endOfTemplates(original, alone, find)
      const next = skipBlankLines(original, blockGoesOn)
      const goesOn = next < original.length && columnOf(original, next) > block
      if (!goesOn) block = undefined
    } else if (alone === undefined) {
      block = undefined
    }
    if (alone !== undefined && (flow === 0 || alone.every(({ kind }) => kind !== 'prints'))) {
      const [{ start } = { start: first }] = alone
      const end = alone.at(-1)?.end ?? start
      for (const template of alone) if (template.kind === 'branch') branches.push(template.start)
      if (block === undefined && alone.some(({ kind }) => kind === 'prints')) {
        printed.push({ start, end })
      }
      replace(start, end, ' ')
      index = endOfLine(original, end) + 1
      continue
    }
    const line = scanLine(original, { first, indent: first - index, flow }, find)
    for (const { start, end } of line.hidden) replace(start, end, 'x')
    ;({ flow, block } = line)
    open ??= line.open
    index = line.next
  }
  pieces.push(original.slice(copied))
  return { text: pieces.join(''), printed, branches, open }
}

/** Returns a word as long as a template; its further lines are blank, so that offsets stay. */
function standIn(template: string, fill: string): string {
  const [line = '', ...rest] = template.split('\n')
  return [fill.repeat(line.length), ...rest.map((other) => ' '.repeat(other.length))].join('\n')
}

/** Returns the templates of a line that contains nothing else, except perhaps a comment. */
function standsAlone(
  text: string,
  first: number,
  find: (start: number) => Template | undefined,
): readonly Template[] | undefined {
  const templates: Template[] = []
  let index = first
  for (;;) {
    const template = find(index)
    if (template === undefined) break
    templates.push(template)
    index = skipSpaces(text, template.end)
  }
  if (templates.length === 0) return undefined
  const after = text[index]
  const isComment = after === '#' && index > (templates.at(-1)?.end ?? 0)
  return after === undefined || after === '\n' || after === '\r' || isComment
    ? templates
    : undefined
}

/** Returns where the lines with only templates end. */
function endOfTemplates(
  text: string,
  alone: readonly Template[],
  find: (start: number) => Template | undefined,
): number {
  let templates: readonly Template[] | undefined = alone
  let end = 0
  while (templates !== undefined) {
    end = endOfLine(text, templates.at(-1)?.end ?? 0) + 1
    templates = standsAlone(text, skipBlankLines(text, end), find)
  }
  return end
}

/** Returns the first character that is not a space; tabs do not indent, but may be next to text. */
function skipSpaces(text: string, from: number): number {
  let index = from
  while (text[index] === ' ' || text[index] === '\t') index += 1
  return index
}

function skipBlankLines(text: string, from: number): number {
  let index = from
  while (/\s/.test(text[index] ?? '')) index += 1
  return index
}

function columnOf(text: string, index: number): number {
  return index - (text.lastIndexOf('\n', index - 1) + 1)
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}
