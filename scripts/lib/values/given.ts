import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, type Result, success } from '../model/problem.ts'
import { readJson } from '../model/tree/json.ts'
import { isTree, nodeAt, scalarsOf, setNode, type ValuesTree } from '../model/values/values.ts'
import { readValuesFiles } from '../sources/values/values-file.ts'
import { classifyRun } from '../tools/process/failures.ts'
import { type SetFlag, valuesCommand } from '../tools/process/helm.ts'
import { writeHelmFile } from '../charts/render/helm-file.ts'
import type { Session } from '../session/session.ts'

/** Values as a user passes them to helm. */
export interface GivenValues {
  readonly files: readonly string[]
  /** Flags with their argument, in order: `['--set', 'a.b=1']`. */
  readonly sets: readonly (readonly [flag: SetFlag, text: string])[]
}

/**
 * Reads `-f` files and `--set` flags into one tree. helm itself reads the flags, by rendering a chart that prints its
 * values: its grammar of commas, braces and escapes is not reimplemented.
 */
export async function readGivenValues(
  { files, sets }: GivenValues,
  session: Session,
): Promise<Result<ValuesTree>> {
  const read = await readValuesFiles(files)
  if (!read.ok || sets.length === 0) return read
  const folder = await mkdtemp(join(session.folder, 'values-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(
    join(folder, 'Chart.yaml'),
    JSON.stringify({ apiVersion: 'v2', name: 'values', version: '1.0.0' }),
  )
  // In base64, because helm parses its own output as YAML.
  await writeFile(
    join(folder, 'templates', 'values.yaml'),
    'values: {{ .Values | toJson | b64enc }}',
  )
  const { run, helm, surroundings, signal } = session
  // Flags change items of lists in files, so helm also gets the values from the files.
  const { path } = await writeHelmFile(join(folder, 'given.json'), read.value)
  const command = valuesCommand(helm.path, folder, { files: [path], sets })
  const result = await run(command, { ...surroundings.helm, signal })
  if (!result.ok) {
    const problem = classifyRun(result)
    return failure({
      ...problem,
      kind: problem.kind === 'unknown' ? 'usage' : problem.kind,
      side: 'input',
      next: 'check the values of --set',
    })
  }
  const printed = /^values: (\S+)$/m.exec(result.stdout)?.[1] ?? ''
  const given = readJson(Buffer.from(printed, 'base64').toString('utf8'))
  if (isTree(given)) return success(withNulls(given, read.value, sets))
  throw new Error('helm did not print the values that were passed to it')
}

/**
 * Restores nulls: a null removes a default, but helm drops it if there is none, as in the chart that reads the flags.
 */
function withNulls(complete: ValuesTree, files: ValuesTree, sets: GivenValues['sets']): ValuesTree {
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
