import { readFile } from 'node:fs/promises'
import type { SchemaOptions } from 'yaml'
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

/**
 * helm reads values by the rules of YAML 1.1, where `yes`, `on` and `n` are booleans and `0644` is octal, but for its
 * dates and numbers with colons, which stay text. Seen with helm 4.2.4; source: sigs.k8s.io/yaml and go-yaml v2.
 */
const asHelm: SchemaOptions = {
  schema: 'yaml-1.1',
  merge: true,
  customTags: (tags) =>
    tags.filter((tag) => {
      const name = typeof tag === 'string' ? tag : tag.tag
      const isTime = typeof tag !== 'string' && tag.format === 'TIME'
      return !isTime && !/(?:timestamp|binary|omap|pairs|set)$/.test(name)
    }),
}

/** Reads values from a text, as helm does. Errors have `file:line:column`. */
export function readValuesText(file: string, text: string): Result<ValuesTree> {
  return parseYamlSource({ file, text }, valuesSchema, asHelm)
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
        next: 'check its path',
      })
    }
    const parsed = readValuesText(file, text)
    if (!parsed.ok) return parsed
    merged = layerValues(merged, parsed.value)
  }
  return success(merged)
}
