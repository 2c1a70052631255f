import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { hasCode, ProblemError, type Result, success, unwrap } from '../model/problem.ts'
import type { ValuesTree } from '../model/values.ts'
import { parseYamlSource, type SourceText } from './yaml-source.ts'

const overridesSchema = z.strictObject({
  overrides: z.record(z.string(), z.record(z.string(), z.custom<ValuesTree[string]>())).nullish(),
})

/** Values by chart name, with which a chart is rendered so that its images can be found. */
export type ChartOverrides = Readonly<Record<string, ValuesTree>>

/** Parses `overrides: { <chart>: { … } }`. */
function parseChartOverrides(source: SourceText): Result<ChartOverrides> {
  const read = parseYamlSource(source, overridesSchema)
  return read.ok ? success(read.value.overrides ?? {}) : read
}

/**
 * Loads a file of overrides. The usual one may be missing; one that was named must be there.
 * Throws `ProblemError` for a file that cannot be used.
 */
export async function loadChartOverrides(file: string, isNamed: boolean): Promise<ChartOverrides> {
  try {
    return unwrap(parseChartOverrides({ file, text: await readFile(file, 'utf8') }))
  } catch (error) {
    if (hasCode(error, 'ENOENT') && !isNamed) return {}
    if (error instanceof ProblemError) throw error
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'input',
      message: `--chart-overrides "${file}" cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}
