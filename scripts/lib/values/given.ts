import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, type Result, success } from '../model/problem.ts'
import { readJson } from '../model/tree/json.ts'
import type { LeafPath } from '../model/values/leaf-path.ts'
import {
  emptyTree,
  isTree,
  nodeAt,
  scalarsOf,
  setNode,
  type ValuesTree,
} from '../model/values/values.ts'
import { readValuesFiles } from '../sources/values/values-file.ts'
import { classifyRun } from '../tools/process/failures.ts'
import { type SetFlag, valuesCommand, type WholeNumber } from '../tools/process/helm.ts'
import { writeHelmFile } from '../charts/render/helm-file.ts'
import type { Session } from '../session/session.ts'

/** Values as a user passes them to helm. */
export interface GivenValues {
  readonly files: readonly string[]
  /** Flags with their argument, in order: `['--set', 'a.b=1']`. */
  readonly sets: readonly (readonly [flag: SetFlag, text: string])[]
}

/** The values that helm would use for the user's flags. */
export interface ReadValues {
  readonly tree: ValuesTree
  /**
   * Numbers from `--set`, which helm keeps whole: from a values file, they would be floating-point numbers, and a template
   * prints 20240101 as 2.0240101e+07.
   */
  readonly wholeNumbers: readonly WholeNumber[]
}

/** Prints the values, and the paths of whole numbers in them. In base64, because helm parses its own output as YAML. */
const template = `
{{- define "whole" }}{{ range $key, $value := .node }}
{{- $path := append $.path (toString $key) }}
{{- if or (kindIs "map" $value) (kindIs "slice" $value) }}
{{- include "whole" (dict "node" $value "path" $path "found" $.found) }}
{{- else if kindIs "int64" $value }}{{ $_ := set $.found (toJson $path) (toString $value) }}
{{- end }}{{ end }}{{ end }}
{{- $found := dict }}
{{- include "whole" (dict "node" .Values "path" list "found" $found) }}
values: {{ .Values | toJson | b64enc }}
wholeNumbers: {{ $found | toJson | b64enc }}
`

/**
 * Reads `-f` files and `--set` flags into one tree. helm itself reads the flags, by rendering a chart that prints its
 * values: its grammar of commas, braces and escapes is not reimplemented.
 */
export async function readGivenValues(
  { files, sets }: GivenValues,
  session: Session,
): Promise<Result<ReadValues>> {
  const read = await readValuesFiles(files)
  if (!read.ok) return read
  if (sets.length === 0) return success({ tree: read.value, wholeNumbers: [] })
  const folder = await mkdtemp(join(session.folder, 'values-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(
    join(folder, 'Chart.yaml'),
    JSON.stringify({ apiVersion: 'v2', name: 'values', version: '1.0.0' }),
  )
  await writeFile(join(folder, 'templates', 'values.yaml'), template)
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
  const printed = (key: string) => {
    const text = new RegExp(`^${key}: (\\S+)$`, 'm').exec(result.stdout)?.[1] ?? ''
    return readJson(Buffer.from(text, 'base64').toString('utf8'))
  }
  const [given, whole] = [printed('values'), printed('wholeNumbers')]
  if (!isTree(given) || !isTree(whole)) {
    throw new Error('helm did not print the values that were passed to it')
  }
  const wholeNumbers = Object.entries(whole).map(([place, value]): WholeNumber => {
    const keys = readJson(place)
    const names = Array.isArray(keys) ? keys.map(String) : []
    return { path: pathIn(given, names), text: typeof value === 'string' ? value : '' }
  })
  return success({ tree: withNulls(given, read.value, sets), wholeNumbers })
}

/** Returns a path with the places in lists as numbers. */
function pathIn(tree: ValuesTree, names: readonly string[]): LeafPath {
  const path: (string | number)[] = []
  for (const name of names) {
    const node = path.length === 0 ? tree : (nodeAt(tree, path) ?? emptyTree())
    path.push(Array.isArray(node) ? Number(name) : name)
  }
  return path
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
