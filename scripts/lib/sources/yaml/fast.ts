import { load, type Schema, YAMLException } from 'js-yaml'
import { budgetOf, maximumDepth, toNode, type TreeFault } from '../../model/tree/check.ts'
import { describeFault } from '../../model/tree/fault-text.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import type { ValuesNode } from '../../model/values/values.ts'
import type { SourceText } from './read.ts'

/** Characters of a text. The largest public index of charts has some 20 million, in half a million lines. */
const maximumLength = 64 * 1024 * 1024
const maximumLines = 4_000_000

/**
 * Parses YAML with js-yaml, which is nine times as fast as the reader with positions; of equal keys the last wins. Of
 * what it returns nothing is checked but the depth: mappings have a prototype, and aliases are shared. `checkFast` makes
 * a tree of it. Fails with the first error, with `file:line:column`.
 */
export function loadFast({ file, text }: SourceText, schema: Schema): Result<unknown> {
  if (text.length > maximumLength || countLines(text) > maximumLines) {
    return invalid(`${file}: ${describeFault('length')}`)
  }
  // Collections count, and a scalar in the deepest one.
  const options = { schema, json: true, maxDepth: maximumDepth + 2 }
  try {
    return success(load(text, options))
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    // Contrary to its type there is none where a second document begins.
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

/** Makes a checked tree of what `loadFast` has returned, or of a part of it. */
export function checkFast(source: SourceText, data: unknown): Result<ValuesNode> {
  const checked = toNode(data, budgetOf(source.text))
  return checked.ok ? success(checked.value) : invalid(explain(source, checked.problem))
}

/** Only aliases can be found again in the text: they begin with the first one. */
function explain({ file, text }: SourceText, fault: TreeFault): string {
  const alias = fault === 'aliases' ? /(?<=[\s,[{:-])\*[^\s,[\]{}]/.exec(text) : null
  const line = alias === null ? '' : `:${text.slice(0, alias.index).split('\n').length}`
  return `${file}${line}: ${describeFault(fault)}`
}

function invalid(message: string): Result<never> {
  return failure({ kind: 'invalid-input', side: 'input', message })
}
