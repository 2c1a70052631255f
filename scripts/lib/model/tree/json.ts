import { failure, type Result, success } from '../problem.ts'
import { budgetOf, faultOfText, toNode, type TreeFault } from './check.ts'
import { isTree, type ValuesNode } from './tree.ts'

/** Maximum characters of a JSON document. Chart indexes can be larger; they have their own reader. */
const maximumLength = 32 * 1024 * 1024

/** Why a text is rejected as JSON: a syntax error, its length, or data that is not a tree. */
export type JsonFault = TreeFault | 'syntax' | 'length'

/** A text that is not read as JSON. */
export interface UnreadJson {
  readonly fault: JsonFault
  /** The parser's own words, for `syntax`. */
  readonly words: string
}

/** Parses JSON from outside into a checked tree. */
export function parseJson(text: string): Result<ValuesNode, UnreadJson> {
  if (text.length > maximumLength) return failure({ fault: 'length', words: '' })
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return failure({ fault: 'syntax', words: error instanceof Error ? error.message : '' })
  }
  const checked = toNode(data, budgetOf(text))
  return checked.ok ? checked : failure({ fault: checked.problem, words: '' })
}

/** Parses optional JSON, such as the body of an error. Returns undefined when it is not readable. */
export function readJson(text: string): ValuesNode | undefined {
  const parsed = parseJson(text)
  return parsed.ok ? parsed.value : undefined
}

// Everything beyond ASCII except surrogate pairs: go-yaml rejects those as escapes, and reads them verbatim.
const beyondAscii = /[\u007F-\uD7FF\uE000-\uFFFF]/g

/**
 * Returns a node as JSON that every YAML reader reads in the same way. To YAML 1.1 the characters U+0085, U+2028 and
 * U+2029 end a line, and a quoted `<<` is an ordinary key; seen with helm 4.2.4. Fails for text that is not Unicode.
 */
export function writeJson(node: ValuesNode): Result<string, TreeFault> {
  if (hasBrokenText(node)) return failure('unicode')
  return success(JSON.stringify(node).replaceAll(beyondAscii, escapeCharacter))
}

function escapeCharacter(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0')
}

/** Escapes characters that YAML 1.1 treats as line ends or rejects. The result is only valid in double quotes. */
export function escapeUnreadable(text: string): string {
  return text.replaceAll(/[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g, escapeCharacter)
}

function hasBrokenText(node: ValuesNode): boolean {
  if (typeof node === 'string') return faultOfText(node) !== undefined
  if (Array.isArray(node)) return node.some(hasBrokenText)
  if (!isTree(node)) return false
  return Object.entries(node).some(
    ([key, child]) => faultOfText(key) !== undefined || hasBrokenText(child),
  )
}
