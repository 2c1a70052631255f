import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { about, failure, type Problem, type Result, success } from '../model/problem.ts'
import { readJson } from '../model/tree/json.ts'
import { formatLeafPath, type LeafPath } from '../model/values/leaf-path.ts'
import {
  emptyTree,
  isTree,
  nodeAt,
  scalarsOf,
  setNode,
  treeFrom,
  type ValuesNode,
  type ValuesTree,
} from '../model/values/values.ts'
import { mergeFiles, readEachValuesFile } from '../sources/values/values-file.ts'
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
  const read = await readGivenFiles(files, session)
  if (!read.ok) return read
  if (sets.length === 0) return success({ tree: read.value, wholeNumbers: [] })
  // Flags change items of lists in files, so helm also gets the values from the files.
  const folder = await mkdtemp(join(session.folder, 'values-'))
  const { path } = await writeHelmFile(join(folder, 'given.json'), read.value)
  const printed = await printValues({ files: [path], sets }, session)
  if (!printed.ok) {
    const { problem } = printed
    return failure({
      ...problem,
      kind: problem.kind === 'unknown' ? 'usage' : problem.kind,
      side: 'input',
      next: 'check the values of --set',
    })
  }
  const { values, whole } = printed.value
  const wholeNumbers = Object.entries(whole).map(([place, value]): WholeNumber => {
    const keys = readJson(place)
    const names = Array.isArray(keys) ? keys.map(String) : []
    return { path: pathIn(values, names), text: typeof value === 'string' ? value : '' }
  })
  return success({ tree: withNulls(values, read.value, sets), wholeNumbers })
}

/**
 * Reads values files into one tree, and lets helm read them as well: the user passes the files to helm, so that a proof
 * is worth nothing if helm reads other values.
 */
export async function readGivenFiles(
  files: readonly string[],
  session: Session,
): Promise<Result<ValuesTree>> {
  const read = await readEachValuesFile(files)
  if (!read.ok) return read
  const values = mergeFiles(read.value)
  if (files.length === 0) return success(values)
  const texts = read.value.map(({ text }) => text)
  const problem = await findMisreadValues(texts, values, session)
  return problem === undefined ? success(values) : failure(about(files.join(', '), problem))
}

/** Returns why helm does not read these values from texts in order; undefined if it does. */
export async function findMisreadValues(
  texts: readonly string[],
  values: ValuesTree,
  session: Session,
): Promise<Problem | undefined> {
  const folder = await mkdtemp(join(session.folder, 'values-'))
  const copies = texts.map((_, index) => join(folder, `${index}.yaml`))
  for (const [index, text] of texts.entries()) {
    await writeFile(copies[index] ?? '', text, { flag: 'wx', mode: 0o600 })
  }
  const printed = await printValues({ files: copies, sets: [] }, session)
  if (!printed.ok) return { ...printed.problem, side: 'input' }
  const other = findDifference(withoutNulls(values), withoutNulls(printed.value.values))
  return other === undefined
    ? undefined
    : {
        kind: 'invalid-input',
        side: 'input',
        message: `helm reads a different value for "${formatLeafPath(other)}" than this command does`,
        next: 'write it in plain YAML, without tags or unusual block scalars',
      }
}

/** What helm prints of the values that it was given. */
interface PrintedValues {
  readonly values: ValuesTree
  readonly whole: ValuesTree
}

/** Lets helm read values, by rendering a chart that prints them. */
async function printValues(flags: GivenValues, session: Session): Promise<Result<PrintedValues>> {
  const { run, helm, surroundings, signal } = session
  const folder = await mkdtemp(join(session.folder, 'printing-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(
    join(folder, 'Chart.yaml'),
    JSON.stringify({ apiVersion: 'v2', name: 'values', version: '1.0.0' }),
  )
  await writeFile(join(folder, 'templates', 'values.yaml'), template)
  const result = await run(valuesCommand(helm.path, folder, flags), {
    ...surroundings.helm,
    signal,
  })
  if (!result.ok) return failure(classifyRun(result))
  const printed = (key: string) => {
    const text = new RegExp(`^${key}: (\\S+)$`, 'm').exec(result.stdout)?.[1] ?? ''
    return readJson(Buffer.from(text, 'base64').toString('utf8'))
  }
  const [values, whole] = [printed('values'), printed('wholeNumbers')]
  if (!isTree(values) || !isTree(whole)) {
    const message = 'the values are too large: helm did not print them as a whole'
    return failure({ kind: 'invalid-input', side: 'input', message })
  }
  return success({ values, whole })
}

/** helm drops a null when there is no default that it removes. */
function withoutNulls(node: ValuesNode): ValuesNode {
  if (Array.isArray(node)) return node.map(withoutNulls)
  if (!isTree(node)) return node
  return treeFrom(
    Object.entries(node).flatMap(([key, child]) =>
      child === null ? [] : [[key, withoutNulls(child)] as const],
    ),
  )
}

/** Returns the path of the first difference, in the order of the first tree. */
function findDifference(one: ValuesNode, other: ValuesNode): LeafPath | undefined {
  if (isDeepStrictEqual(one, other)) return undefined
  if (!isTree(one) || !isTree(other)) return []
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [a, b] = [one[key], other[key]]
    if (a === undefined || b === undefined) return [key]
    const path = findDifference(a, b)
    if (path !== undefined) return [key, ...path]
  }
  return []
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
