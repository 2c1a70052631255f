import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { failure, type Result, success } from '../model/problem.ts'
import { isTree, nodeAt, scalarsOf, setNode, type ValuesTree } from '../model/values.ts'
import { readValuesFiles } from '../sources/values-file.ts'
import { classifyRun } from '../tools/failures.ts'
import { type SetFlag, valuesCommand } from '../tools/helm.ts'
import { splitDocuments } from './documents.ts'
import type { Workshop } from './workshop.ts'

/** Values as a person gives them to helm. */
export interface GivenValues {
  readonly files: readonly string[]
  /** Flags with their argument, in order: `['--set', 'a.b=1']`. */
  readonly sets: readonly (readonly [flag: SetFlag, text: string])[]
}

/**
 * Reads `-f` files and `--set` flags into one tree. helm itself reads the flags, by rendering a chart that prints its
 * values: its grammar of commas, braces and escapes is not told twice.
 */
export async function readGivenValues(
  { files, sets }: GivenValues,
  workshop: Workshop,
): Promise<Result<ValuesTree>> {
  const read = await readValuesFiles(files)
  if (!read.ok || sets.length === 0) return read
  const folder = await mkdtemp(join(workshop.folder, 'values-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(
    join(folder, 'Chart.yaml'),
    JSON.stringify({ apiVersion: 'v2', name: 'values', version: '1.0.0' }),
  )
  await writeFile(join(folder, 'templates', 'values.yaml'), '{{ .Values | toJson }}')
  const { run, helm, surroundings, signal } = workshop
  // Flags change items of lists that files give, so helm gets the files too.
  const flags = { files: files.map((file) => resolve(file)), sets }
  const command = valuesCommand(helm.path, folder, flags)
  const result = await run(command, { ...surroundings.helm, signal })
  if (!result.ok) {
    const problem = classifyRun(result)
    return failure({
      ...problem,
      kind: problem.kind === 'unknown' ? 'usage' : problem.kind,
      side: 'input',
      next: 'check the values after --set',
    })
  }
  const [document] = splitDocuments(result.stdout)
  const given = document !== undefined && isTree(document.root) ? document.root : {}
  return success(withNulls(given, read.value, sets))
}

/** A null takes a default away; helm drops it where there is none, as in the chart that reads the flags. */
function withNulls(given: ValuesTree, files: ValuesTree, sets: GivenValues['sets']): ValuesTree {
  const complete = structuredClone(given)
  const inFiles = [...scalarsOf(files)].filter(({ value }) => value === null)
  const inFlags = sets
    .filter(([flag, text]) => flag === '--set' && !text.includes('{'))
    .flatMap(([, text]) => text.split(/(?<!\\),/))
    .flatMap((part) => /^([\w-]+(?:\.[\w-]+)*)=null$/.exec(part)?.[1] ?? [])
  for (const path of [...inFiles.map((one) => one.path), ...inFlags.map((one) => one.split('.'))]) {
    if (nodeAt(complete, path) === undefined) setNode(complete, path, null)
  }
  return complete
}
