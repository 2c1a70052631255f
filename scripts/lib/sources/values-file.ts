import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { failure, type Result, success } from '../model/problem.ts'
import { layerValues, type ValuesTree } from '../model/values.ts'
import { parseYamlSource } from './yaml-source.ts'

const valuesSchema = z
  .custom<ValuesTree | null>(
    (input) => input === null || (typeof input === 'object' && !Array.isArray(input)),
    { error: 'values must be a mapping, as in a values file' },
  )
  .transform((values) => values ?? {})

/** Reads values from a text. Errors have `file:line:column`. */
export function readValuesText(file: string, text: string): Result<ValuesTree> {
  return parseYamlSource({ file, text }, valuesSchema)
}

/** Reads values files in order, the last the strongest. Errors have `file:line:column`. */
export async function readValuesFiles(files: readonly string[]): Promise<Result<ValuesTree>> {
  let merged: ValuesTree = {}
  for (const file of files) {
    let text
    try {
      text = await readFile(file, 'utf8')
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      return failure({
        kind: 'invalid-input',
        side: 'input',
        message: `values file "${file}" cannot be read: ${why}`,
        next: 'check the path after -f',
      })
    }
    const parsed = readValuesText(file, text)
    if (!parsed.ok) return parsed
    merged = layerValues(merged, parsed.value)
  }
  return success(merged)
}
