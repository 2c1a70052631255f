/** The lines of a text, for a reader that only moves forward. */
export interface Lines {
  /** Moves to the line of this offset and returns its start. */
  readonly startOf: (index: number) => number
  /** True when the line is a comment of YAML, a shell or a program. */
  readonly isComment: () => boolean
  /** Returns the key above the line that owns a list item with this indentation, or undefined. */
  readonly ownerOf: (indent: number) => string | undefined
}

/** Blanks of one line. A pattern with `\s` would scan all empty lines, once for each of them. */
const comment = /[^\S\n]*(?:#|\/\/)/y
/** In a text of one line: a value may begin like a comment, but not with a blank after the mark. */
const commentAlone = /[^\S\n]*(?:#|\/\/)(?=[\s!#/]|$)/y
const indentation = /[^\S\n]*/y
/** `key:` with nothing after it, possibly a list item itself. */
const ownerLine = /[^\S\n]*(?:-[^\S\n]+)?["']?([\w.-]+)["']?:[^\S\n]*(?=\n|$)/y

/** A line that may own, or end, the lines below it. */
interface Above {
  readonly indent: number
  readonly key: string | undefined
}

/**
 * Opens the lines of a text. Reads each line once, whatever the text contains; lines that may own an item are on a
 * stack that grows only with the indentation.
 */
export function openLines(text: string): Lines {
  let start = 0
  let end = text.indexOf('\n')
  const isValue = end === -1
  let isCommented: boolean | undefined
  let stacked = 0
  const stack: Above[] = []
  const stackUp = (): void => {
    while (stacked < start) {
      const newline = text.indexOf('\n', stacked)
      const above = readAbove(text, stacked, newline === -1 ? text.length : newline)
      if (above !== undefined) {
        while (hides(above, stack.at(-1))) stack.pop()
        stack.push(above)
      }
      stacked = newline + 1
    }
  }
  return {
    startOf(index) {
      if (end !== -1 && index > end) {
        start = text.lastIndexOf('\n', index - 1) + 1
        end = text.indexOf('\n', index)
        isCommented = undefined
      }
      return start
    },
    isComment: () =>
      (isCommented ??= matchAt(isValue ? commentAlone : comment, text, start) !== null),
    ownerOf(indent) {
      stackUp()
      const owns = ({ indent: other, key }: Above) =>
        other < indent || (other === indent && key !== undefined)
      return stack.findLast(owns)?.key
    },
  }
}

/** Reads a line as a possible owner. Returns undefined for an empty line. */
function readAbove(text: string, start: number, end: number): Above | undefined {
  const indent = matchAt(indentation, text, start)?.[0].length ?? 0
  if (start + indent >= end) return undefined
  return { indent, key: matchAt(ownerLine, text, start)?.[1] }
}

/** True when a line ends the search for an owner for every item for which a line further up would end it. */
function hides(above: Above, further: Above | undefined): boolean {
  if (further === undefined) return false
  if (above.indent !== further.indent) return above.indent < further.indent
  return above.key !== undefined || further.key === undefined
}

/** Matches a sticky pattern at an offset. */
export function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index
  return pattern.exec(text)
}
