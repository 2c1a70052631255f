import type { CST } from 'yaml'
import { maximumDepth } from '../../model/tree/check.ts'

/** Faults of the syntax after which the rest is not looked at: each is an error with a stack, and nobody reads more. */
const maximumFaults = 100

/** The tokens of a text, up to the fault after which nobody reads on. */
export function withoutEndlessFaults(found: Iterable<CST.Token>): CST.Token[] {
  const tokens: CST.Token[] = []
  let faults = 0
  for (const token of found) {
    tokens.push(token)
    if (token.type === 'error' || isNeedless(token, tokens.length)) faults += 1
    if (faults < maximumFaults) continue
    // Without a fault of its own, what was not read would pass for nothing at all.
    if (token.type !== 'error') tokens.push({ ...tooManyDirectives, offset: token.offset })
    break
  }
  return tokens
}

const tooManyDirectives = { type: 'error', source: '', message: 'Too many directives' } as const

/** A directive beyond the two that there are: the composer warns of each, and takes longer with every warning. */
function isNeedless({ type }: CST.Token, index: number): boolean {
  return type === 'directive' && index > 2
}

/** The offset of the first token that lies too deep; nothing when none does. */
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
