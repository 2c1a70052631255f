import { type Result, success } from '../../model/problem.ts'
import { emptyTree, isTree, layerValues, type ValuesTree } from '../../model/values/values.ts'
import { failWith } from '../located/faults.ts'
import { toValues } from '../located/node.ts'
import { parseLocated } from '../located/parse.ts'
import { readTextFile } from '../text-file.ts'

/**
 * Reads values from a text, as helm does: the last of several documents and the last of two equal keys wins. Errors
 * have `file:line:column`.
 */
export function readValuesText(file: string, text: string): Result<ValuesTree> {
  const { documents, faults } = parseLocated(text)
  if (faults.length > 0) return failWith(file, faults)
  let merged = emptyTree()
  for (const document of documents) {
    const values = toValues(document)
    if (values === null) continue
    if (!isTree(values)) {
      const message = 'values must be a mapping, as in a values file'
      return failWith(file, [{ at: document.at, message }])
    }
    merged = layerValues(merged, values)
  }
  return success(merged)
}

/** Reads values files in order; later ones override earlier ones. Errors have `file:line:column`. */
export async function readValuesFiles(files: readonly string[]): Promise<Result<ValuesTree>> {
  let merged = emptyTree()
  for (const file of files) {
    const label = { name: `values file "${file}"`, next: 'check its path' }
    const text = await readTextFile(file, label)
    if (!text.ok) return text
    const parsed = readValuesText(file, text.value)
    if (!parsed.ok) return parsed
    merged = layerValues(merged, parsed.value)
  }
  return success(merged)
}
