import { type Result, success } from '../../model/problem.ts'
import { emptyTree, isTree, layerValues, type ValuesTree } from '../../model/values/values.ts'
import { failWith } from '../located/faults.ts'
import { toValues } from '../located/node.ts'
import { parseLocated } from '../located/parse.ts'
import { readTextFile } from '../text-file.ts'

/**
 * Reads values from a text, as helm does: the last of several documents and the last of two equal keys wins. Errors
 * have `file:line:column`.
 *
 * @param allowed `single` for a text that another version of helm may read, which may ignore all but the first document
 */
export function readValuesText(
  file: string,
  text: string,
  allowed: 'several' | 'single' = 'several',
): Result<ValuesTree> {
  const { documents, faults } = parseLocated(text)
  if (faults.length > 0) return failWith(file, faults)
  const [, second] = documents
  if (allowed === 'single' && second !== undefined) {
    const message = 'one document expected: versions of helm differ in how they read several'
    return failWith(file, [{ at: second.at, message }])
  }
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

/** A values file, as text and as values. */
export interface ValuesFile {
  readonly text: string
  readonly values: ValuesTree
}

/** Reads values files in order. Each is read once, because it may be a pipe. Errors have `file:line:column`. */
export async function readEachValuesFile(files: readonly string[]): Promise<Result<ValuesFile[]>> {
  const read: ValuesFile[] = []
  for (const file of files) {
    const label = { name: `values file "${file}"`, next: 'check its path' }
    const text = await readTextFile(file, label)
    if (!text.ok) return text
    const parsed = readValuesText(file, text.value)
    if (!parsed.ok) return parsed
    read.push({ text: text.value, values: parsed.value })
  }
  return success(read)
}

/** Reads values files into one tree; later ones override earlier ones. Errors have `file:line:column`. */
export async function readValuesFiles(files: readonly string[]): Promise<Result<ValuesTree>> {
  const read = await readEachValuesFile(files)
  return read.ok ? success(mergeFiles(read.value)) : read
}

/** Returns the values of all files; later ones override earlier ones. */
export function mergeFiles(files: readonly ValuesFile[]): ValuesTree {
  return files.reduce<ValuesTree>((merged, { values }) => layerValues(merged, values), emptyTree())
}
