import { type Expression, parseSync, Visitor } from 'oxc-parser'

/** A sentence in a source file. Each substitution is shown as `${…}` with its expression. */
export interface Sentence {
  readonly line: number
  readonly text: string
}

/**
 * Returns the strings and templates of a TypeScript file that contain words separated by spaces, in order. Literals
 * joined with `+` are one sentence. Throws an `Error` with the parser's message for a file that is not TypeScript.
 */
export function readSentences(path: string, text: string): Sentence[] {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const found: { readonly start: number; readonly text: string }[] = []
  const seen = new Set<number>()
  const take = (node: Expression) => {
    const pieces = seen.has(node.start) ? undefined : piecesOf(node, text)
    if (pieces === undefined) return
    for (const { start } of pieces) seen.add(start)
    if (isSentence(pieces)) {
      found.push({ start: node.start, text: pieces.map((piece) => piece.text).join('') })
    }
  }
  const leave = ({ start }: { readonly start: number }) => void seen.add(start)
  new Visitor({
    BinaryExpression: take,
    Literal: take,
    TemplateLiteral: take,
    ImportDeclaration: ({ source }) => leave(source),
    ImportExpression: ({ source }) => leave(source),
    ExportAllDeclaration: ({ source }) => leave(source),
    ExportNamedDeclaration: ({ source }) => source !== null && leave(source),
    TSLiteralType: ({ literal }) => leave(literal),
    // Such text is a pattern or code.
    TaggedTemplateExpression: ({ quasi }) => leave(quasi),
  }).visit(program)
  return found
    .toSorted((a, b) => a.start - b.start)
    .map((one) => ({ line: text.slice(0, one.start).split('\n').length, text: one.text }))
}

/** A part of a sentence, with its position. */
interface Piece {
  readonly start: number
  readonly text: string
  /** True if it is only known when the program runs. */
  readonly isInserted: boolean
}

/** Returns the parts of a string, a template, or a sum of these; `undefined` for any other expression. */
function piecesOf(node: Expression, source: string): Piece[] | undefined {
  const { start } = node
  if (node.type === 'Literal') {
    return typeof node.value === 'string'
      ? [{ start, text: node.value, isInserted: false }]
      : undefined
  }
  if (node.type === 'TemplateLiteral') {
    return node.quasis.flatMap(({ value, start: at }, index) => {
      const inserted = node.expressions[index]
      const words = { start: index === 0 ? start : at, text: value.cooked ?? '', isInserted: false }
      if (inserted === undefined) return [words]
      const shown = `\${${source.slice(inserted.start, inserted.end)}}`
      return [words, { start: at, text: shown, isInserted: true }]
    })
  }
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined
  const [left, right] = [piecesOf(node.left, source), piecesOf(node.right, source)]
  return left === undefined || right === undefined ? undefined : [...left, ...right]
}

/** Returns true if words are separated by spaces. A substitution counts as a word, but not as the only one. */
function isSentence(pieces: readonly Piece[]): boolean {
  const words = pieces.filter(({ isInserted }) => !isInserted).map(({ text }) => text)
  const whole = pieces.map(({ text, isInserted }) => (isInserted ? 'it' : text)).join('')
  return (
    words.some((text) => /\p{L}{2}/u.test(text)) && /[\p{L}\d)"'`:;,.] +["'`(]*\p{L}/u.test(whole)
  )
}
