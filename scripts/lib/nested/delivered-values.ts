import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeliveredInstall, DeliveredValues } from '../charts/find/delivery/named.ts'
import { writeHelmFile } from '../charts/render/helm-file.ts'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import type { LeafPath } from '../model/values/leaf-path.ts'
import {
  emptyTree,
  isTree,
  layerValues,
  nodeAt,
  type ValuesNode,
  type ValuesTree,
} from '../model/values/values.ts'
import type { Session } from '../session/session.ts'
import { readValuesText } from '../sources/values/values-file.ts'
import type { SetFlag } from '../tools/process/helm.ts'
import { findMisreadValues, readGivenValues, type ReadValues } from '../values/given.ts'

/** A value that an object sets by its name, as with helm's --set. */
interface NamedValue {
  readonly name: string
  readonly flag: SetFlag
  readonly text: string
}

/** Reads the values that an object passes on, without those that it sets by name. */
export function readMappings(
  root: ValuesNode | undefined,
  { values }: DeliveredInstall,
): Result<ValuesTree> {
  let merged = emptyTree()
  for (const { form, path } of values) {
    const node = root === undefined ? undefined : nodeAt(root, path)
    if (form === 'tree' && isTree(node)) merged = layerValues(merged, node)
    if (form === 'text' && typeof node === 'string') {
      const read = readValuesText('the values of a nested chart', node, 'single')
      if (!read.ok) return read
      merged = layerValues(merged, read.value)
    }
  }
  return success(merged)
}

/** Reads all values that an object passes on, as its controller passes them to helm. */
export async function readDelivered(
  root: ValuesNode | undefined,
  install: DeliveredInstall,
  session: Session,
): Promise<Result<ReadValues>> {
  const tree = readMappings(root, install)
  if (!tree.ok) return tree
  const misread = await findMisreadTexts(root, install, session)
  if (misread !== undefined) return failure(misread)
  const named = install.values.flatMap((one) => namedValues(root, one))
  const sets = named.map(({ flag, name, text }) => [flag, `${name}=${text}`] as const)
  if (sets.length === 0) return success({ tree: tree.value, wholeNumbers: [] })
  if (sumOfIndices(named.map(({ name }) => name)) > maximumIndices) {
    return failure({
      kind: 'invalid-input',
      side: 'source',
      message: `the list indices in its values add up to more than ${maximumIndices}`,
    })
  }
  const folder = await mkdtemp(join(session.folder, 'nested-'))
  const { path } = await writeHelmFile(join(folder, 'values.json'), tree.value)
  return readGivenValues({ files: [path], sets }, session)
}

/** helm fills a list up to an index: a few short names make millions of items. */
const maximumIndices = 100_000

/** Returns the sum of all indices in names; without limit for one that is not plain, such as `[+5]`. */
function sumOfIndices(names: readonly string[]): number {
  return names
    .flatMap((name) => name.split('[').slice(1))
    .map((rest) => rest.split(']', 1)[0] ?? '')
    .reduce((sum, index) => sum + (/^\d+$/.test(index) ? Number(index) : Infinity), 0)
}

/** Returns why helm reads other values from the texts of an object; undefined if it does not. */
async function findMisreadTexts(
  root: ValuesNode | undefined,
  install: DeliveredInstall,
  session: Session,
): Promise<Problem | undefined> {
  const own = install.values.filter(({ form }) => form === 'text')
  const texts = own.flatMap(({ path }) => {
    const node = root === undefined ? undefined : nodeAt(root, path)
    return typeof node === 'string' ? [node] : []
  })
  if (texts.length === 0) return undefined
  const read = readMappings(root, { ...install, values: own })
  return read.ok ? findMisreadValues(texts, read.value, session) : read.problem
}

/** Returns the fields in which an object sets leaves by their names. */
export function fieldsByName(
  root: ValuesNode | undefined,
  { values }: DeliveredInstall,
): ReadonlyMap<string, LeafPath> {
  const fields = new Map<string, LeafPath>()
  for (const one of values) {
    for (const { name } of namedValues(root, one)) {
      if (!fields.has(name)) fields.set(name, one.path)
    }
  }
  return fields
}

function namedValues(root: ValuesNode | undefined, { form, path }: DeliveredValues): NamedValue[] {
  const node = root === undefined ? undefined : nodeAt(root, path)
  if (form === 'parameters' && Array.isArray(node)) return node.filter(isTree).flatMap(parameter)
  if (form !== 'set' || !isTree(node)) return []
  return Object.entries(node).flatMap(([name, value]): NamedValue[] => {
    if (typeof value === 'number') return [{ name, flag: '--set', text: String(value) }]
    if (typeof value !== 'string') return []
    // k3s passes these words on as what they mean, and escapes the commas of any text.
    const isWord = /^(?:true|false|null)$/i.test(value)
    return [{ name, flag: isWord ? '--set' : '--set-string', text: value.replaceAll(',', '\\,') }]
  })
}

/** Reads a parameter of Argo CD, which escapes the commas in its value unless it is a list. */
function parameter({ name, value = '', forceString }: ValuesTree): NamedValue[] {
  if (typeof name !== 'string' || typeof value !== 'string') return []
  const isList = value.startsWith('{') && value.endsWith('}')
  const text = isList ? value : value.replaceAll(/(?<!\\),/g, String.raw`\,`)
  return [{ name, flag: forceString === true ? '--set-string' : '--set', text }]
}
