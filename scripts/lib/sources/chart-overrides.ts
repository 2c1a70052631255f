import { type Result, success, unwrap } from '../model/problem.ts'
import { isTree, type ValuesTree } from '../model/values/values.ts'
import { failWith, type LocatedFault } from './located/faults.ts'
import { type LocatedMap, type LocatedNode, toValues } from './located/node.ts'
import { parseLocated } from './located/parse.ts'
import type { SourceText } from './yaml-source.ts'
import { readOptionalFile, readTextFile } from './text-file.ts'

/** Values by chart name that charts are rendered with, so that their images can be found. */
export type ChartOverrides = ReadonlyMap<string, ValuesTree>

/** Parses `overrides: { <chart>: { … } }`, with values as helm reads them. */
function parseChartOverrides({ file, text }: SourceText): Result<ChartOverrides> {
  const { documents, faults: syntax } = parseLocated(text)
  if (syntax.length > 0) return failWith(file, syntax)
  const faults: LocatedFault[] = []
  const mapOf = (node: LocatedNode, what: string): LocatedMap | undefined => {
    if (node.kind === 'map') {
      for (const { key, keyAt } of node.replaced) {
        faults.push({ at: keyAt, message: `duplicate key "${key}"` })
      }
      return node
    }
    const isNull = node.kind === 'scalar' && node.value === null
    if (!isNull) faults.push({ at: node.at, message: `${what} must be a mapping` })
    return undefined
  }
  const overrides = new Map<string, ValuesTree>()
  for (const document of documents) {
    for (const { key, keyAt, value } of mapOf(document, 'the file')?.entries.values() ?? []) {
      if (key !== 'overrides') {
        faults.push({ at: keyAt, message: `${key}: unknown key "${key}"` })
        continue
      }
      for (const [chart, entry] of mapOf(value, 'overrides')?.entries ?? []) {
        const values = toValues(entry.value)
        if (isTree(values)) overrides.set(chart, values)
        else if (values !== null) {
          const message = `the values of chart "${chart}" must be a mapping`
          faults.push({ at: entry.value.at, message })
        }
      }
    }
  }
  return faults.length > 0 ? failWith(file, faults) : success(overrides)
}

/**
 * Loads a file of overrides. The default file may be missing; a named one must exist. Throws `ProblemError` for an
 * invalid file.
 */
export async function loadChartOverrides(file: string, isNamed: boolean): Promise<ChartOverrides> {
  const text = isNamed
    ? unwrap(
        await readTextFile(file, { name: `--chart-overrides "${file}"`, next: 'check its path' }),
      )
    : await readOptionalFile(file)
  return text === undefined ? new Map() : unwrap(parseChartOverrides({ file, text }))
}
