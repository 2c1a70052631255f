import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml'
import { maximumDepth } from '../../model/tree/check.ts'
import { describeFault } from '../../model/tree/fault-text.ts'
import type { Dialect } from './dialect.ts'

/** Something wrong with a text, and where: an offset in it. */
export interface TextFault {
  readonly offset: number
  readonly message: string
}

/** Characters of a text that is read with positions; the reader needs about a second for two million. */
const maximumLength = 16 * 1024 * 1024

export interface BoundedDocument {
  readonly document: Document.Parsed | undefined
  readonly faults: readonly TextFault[]
  readonly lines: LineCounter
}

/**
 * Parses a text into its syntax tree. The depth is measured before the tree is composed: composing is recursive, and a
 * regular expression that is compiled where the stack ends takes the whole process down (Node 20, V8).
 */
export function parseBounded(text: string, { options, breaks }: Dialect): BoundedDocument {
  const lines = new LineCounter()
  const fail = (offset: number, message: string) => ({
    document: undefined,
    faults: [{ offset, message }],
    lines,
  })
  if (text.length > maximumLength) {
    lines.addNewLine(0)
    return fail(0, describeFault('length'))
  }
  const tokens = withoutEndlessFaults(
    new Parser(lines.addNewLine).parse(text.replaceAll(breaks, '\n')),
  )
  const tooDeep = findTooDeep(tokens)
  if (tooDeep !== undefined) return fail(tooDeep, describeFault('depth'))
  // Equal keys are looked for by the reader, in linear time.
  const composer = new Composer({ ...options, uniqueKeys: false, prettyErrors: false })
  const [document, second] = composer.compose(tokens, true, text.length)
  return {
    document,
    faults: [
      ...(document?.errors ?? []).map(({ pos, message }) => ({ offset: pos[0], message })),
      ...(second === undefined
        ? []
        : [{ offset: second.range[0], message: 'there is more than one document' }]),
    ],
    lines,
  }
}

/** Faults of the syntax after which the rest is not looked at: each is an error with a stack, and nobody reads more. */
const maximumFaults = 100

export function withoutEndlessFaults(found: Iterable<CST.Token>): CST.Token[] {
  const tokens: CST.Token[] = []
  let faults = 0
  for (const token of found) {
    tokens.push(token)
    if (token.type === 'error') faults += 1
    if (faults >= maximumFaults) break
  }
  return tokens
}

/** The offset of the first token that lies too deep; nothing when none does. */
function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const left = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next
    if (depth > maximumDepth) return token.offset
    if (token.type === 'document' && token.value) left.push({ token: token.value, depth })
    if (!('items' in token)) continue
    for (const { key, value } of token.items) {
      if (key) left.push({ token: key, depth: depth + 1 })
      if (value) left.push({ token: value, depth: depth + 1 })
    }
  }
  return undefined
}
