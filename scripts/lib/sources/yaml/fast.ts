import { load, type Schema, YAMLException } from 'js-yaml'
import {
  budgetOf,
  maximumDepth,
  toNode,
  type TreeBudget,
  type TreeFault,
} from '../../model/tree/check.ts'
import { describeTreeFault } from '../../model/tree/fault-text.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import type { SourceText } from './read.ts'

/** Maximum characters of a text. The largest public chart index has about 20 million, in half a million lines. */
const maximumLength = 64 * 1024 * 1024
const maximumLines = 4_000_000

/**
 * Parses YAML with js-yaml, which is nine times as fast as the reader with positions; the last of equal keys wins. Only
 * the depth of the result is checked: mappings have a prototype, and aliases are shared. `checkFast` converts it to a
 * tree. Fails with the first error, with `file:line:column`.
 */
export function loadFast({ file, text }: SourceText, schema: Schema): Result<unknown> {
  if (text.length > maximumLength || countLines(text) > maximumLines) {
    return invalid(`${file}: ${describeTreeFault('length')}`)
  }
  // Counts collections, and a scalar in the deepest one.
  const options = { schema, json: true, maxDepth: maximumDepth + 2 }
  try {
    return success(load(text, options))
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    // Contrary to its type, it is absent where a second document starts.
    const mark: YAMLException['mark'] | undefined = error.mark
    const place = mark === undefined ? '' : `:${mark.line + 1}:${mark.column + 1}`
    return invalid(`${file}${place}: ${error.reason}`)
  }
}

function countLines(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

/**
 * Converts the result of `loadFast`, or a part of it, to a checked tree.
 *
 * @param budget shared by several parts, because each may repeat the same aliases
 */
export function checkFast(
  source: SourceText,
  data: unknown,
  budget: TreeBudget = budgetOf(source.text),
): Result<ValuesNode> {
  const checked = toNode(data, budget)
  return checked.ok ? success(checked.value) : invalid(explain(source, checked.problem))
}

/** Only aliases can be located in the text, by the first one. */
function explain({ file, text }: SourceText, fault: TreeFault): string {
  const alias = fault === 'aliases' ? /(?<=[\s,[{:-])\*[^\s,[\]{}]/.exec(text) : null
  const line = alias === null ? '' : `:${text.slice(0, alias.index).split('\n').length}`
  return `${file}${line}: ${describeTreeFault(fault)}`
}

function invalid(message: string): Result<never> {
  return failure({ kind: 'invalid-input', side: 'input', message })
}
