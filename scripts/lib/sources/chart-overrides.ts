import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { hasCode, ProblemError, type Result, success, unwrap } from '../model/problem.ts'
import { isTree, type ValuesTree } from '../model/values.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

/** Values by chart name, with which a chart is rendered so that its images can be found. */
export type ChartOverrides = ReadonlyMap<string, ValuesTree>

const overridesSchema = z.strictObject({
  overrides: z
    .custom<ValuesTree>(isTree, { error: 'overrides must be a mapping of chart names to values' })
    .transform((tree, context): ChartOverrides => {
      const overrides = new Map<string, ValuesTree>()
      for (const [chart, values] of Object.entries(tree)) {
        if (isTree(values)) overrides.set(chart, values)
        else {
          const message = 'the values of a chart must be a mapping'
          context.addIssue({ code: 'custom', path: [chart], message })
        }
      }
      return overrides
    })
    .nullish(),
})

/** Parses `overrides: { <chart>: { … } }`. */
function parseChartOverrides(source: SourceText): Result<ChartOverrides> {
  const read = parseYamlSource(source, overridesSchema)
  return read.ok ? success(read.value.overrides ?? new Map()) : read
}

/**
 * Loads a file of overrides. The usual one may be missing; one that was named must be there.
 * Throws `ProblemError` for a file that cannot be used.
 */
export async function loadChartOverrides(file: string, isNamed: boolean): Promise<ChartOverrides> {
  try {
    return unwrap(parseChartOverrides({ file, text: await readFile(file, 'utf8') }))
  } catch (error) {
    if (hasCode(error, 'ENOENT') && !isNamed) return new Map()
    if (error instanceof ProblemError) throw error
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'input',
      message: `--chart-overrides "${file}" cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}
