import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { failure, type Result, success } from '../model/problem.ts'
import { emptyTree, isTree, layerValues, type ValuesTree } from '../model/values.ts'
import { parseYamlSource } from './yaml-source.ts'
import { helmDialect } from './yaml/dialect.ts'

const valuesSchema = z
  .custom<ValuesTree | null>((input) => input === null || isTree(input), {
    error: 'values must be a mapping, as in a values file',
  })
  .transform((values) => values ?? emptyTree())

/** Reads values from a text, as helm does. Errors have `file:line:column`. */
export function readValuesText(file: string, text: string): Result<ValuesTree> {
  return parseYamlSource({ file, text }, valuesSchema, helmDialect)
}

/** Reads values files in order, the last the strongest. Errors have `file:line:column`. */
export async function readValuesFiles(files: readonly string[]): Promise<Result<ValuesTree>> {
  let merged = emptyTree()
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
        next: 'check its path',
      })
    }
    const parsed = readValuesText(file, text)
    if (!parsed.ok) return parsed
    merged = layerValues(merged, parsed.value)
  }
  return success(merged)
}
