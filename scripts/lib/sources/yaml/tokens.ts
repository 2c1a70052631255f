import { type CST, Lexer } from 'yaml'
import { maximumDepth } from '../../model/tree/check.ts'

/** Maximum syntax faults before parsing stops: each is an error with a stack, and more are not useful. */
const maximumFaults = 100

/**
 * Maximum lexical tokens of a text that is read with positions: it takes some five microseconds for each. The largest
 * public values file has some 60,000.
 */
const maximumTokens = 600_000

/** True for a text with more tokens than are read. Stops counting there. */
export function hasTooManyTokens(text: string): boolean {
  // Each token has a character of its own.
  if (text.length <= maximumTokens) return false
  let count = 0
  for (const _ of new Lexer().lex(text)) {
    count += 1
    if (count > maximumTokens) return true
  }
  return false
}

/** Yields the tokens of a text up to the maximum number of faults. */
export function withoutEndlessFaults(found: Iterable<CST.Token>): CST.Token[] {
  const tokens: CST.Token[] = []
  let faults = 0
  for (const token of found) {
    tokens.push(token)
    if (token.type === 'error' || isNeedless(token, tokens.length)) faults += 1
    if (faults < maximumFaults) continue
    // Without its own fault, the unread rest would count as empty.
    if (token.type !== 'error') tokens.push({ ...tooManyDirectives, offset: token.offset })
    break
  }
  return tokens
}

const tooManyDirectives = { type: 'error', source: '', message: 'Too many directives' } as const

/** True for a directive beyond the two that exist: the composer warns about each, and slows down with every warning. */
function isNeedless({ type }: CST.Token, index: number): boolean {
  return type === 'directive' && index > 2
}

/** Returns the offset of the first token that is nested too deeply, or undefined. */
export function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
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
