import { chartFileVersionKind, chartNameKind } from '../../model/chart/chart.ts'
import { describeTextFault, isOfKind } from '../../model/names/text-kind.ts'
import { unwrap } from '../../model/problem.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import { readHelmYaml } from '../../sources/yaml/helm-yaml.ts'

/** A dependency as Chart.yaml (or the requirements.yaml of old charts) declares it. */
export interface ChartDependency {
  readonly name: string
  readonly version: string
  readonly repository: string
  readonly alias?: string
  readonly condition?: string
  /** helm copies values of the subchart into those of its parent (`import-values`). */
  readonly importsValues?: true
}

/** The parts of a Chart.yaml that are used. */
export interface ChartMetadata {
  readonly name: string
  readonly version: string
  readonly appVersion?: string
  readonly kubeVersion?: string
  /** It renders nothing itself; others include its templates. */
  readonly isLibrary: boolean
  readonly annotations: Readonly<Record<string, string>>
  readonly dependencies: readonly ChartDependency[]
}

/** Reads YAML as helm does. Throws a `ProblemError` with the file, line and column. */
export function loadYaml(text: string, file = 'the text'): ValuesNode {
  return unwrap(readHelmYaml({ file, text }))
}

function word(value: ValuesNode | undefined): string | undefined {
  // helm reads `alias: y` as true, and then as the word "true".
  const isWord = typeof value === 'number' || typeof value === 'boolean'
  return isWord ? String(value) : typeof value === 'string' ? value : undefined
}

function hasItems(value: ValuesNode | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

/** Keys that name a chart, or that make helm fetch other charts into it. */
const decisiveKeys: ReadonlySet<string> = new Set([
  'name',
  'version',
  'dependencies',
  'repository',
  'alias',
  'condition',
  'import-values',
  'tags',
  'type',
])

/** Returns a key as Go compares it with field names. */
export function foldKey(key: string): string {
  return key.normalize('NFKC').toLowerCase()
}

/**
 * Throws for a key that helm reads as another one: Go reads `Version`, and even `ver\u017fion`, as "version", so helm
 * would name, fetch and push something other than what was read here.
 */
export function refuseOtherSpelling(tree: ValuesTree, where: string): void {
  for (const key of Object.keys(tree)) {
    const folded = foldKey(key)
    if (folded === key || !decisiveKeys.has(folded)) continue
    throw new Error(`${where} has the key "${key}", which helm reads as "${folded}"`)
  }
}

/** Decisive keys of a Chart.yaml besides the dependencies. */
const namingKeys: ReadonlySet<string> = new Set([
  'name',
  'version',
  'apiversion',
  'appversion',
  'kubeversion',
  'annotations',
  'condition',
  'import-values',
  'tags',
  'type',
])

/**
 * Reads the dependencies of a requirements.yaml. helm uses them instead of those in the Chart.yaml, whatever the format
 * of the chart. Throws an `Error` for a key such as `name`, which would change the Chart.yaml as well (seen with helm
 * 3.18 and 4.2.4).
 */
export function readRequirements(text: string | undefined, where: string): ValuesNode | undefined {
  const root = text === undefined ? undefined : loadYaml(text, `${where}/requirements.yaml`)
  if (!isTree(root)) return undefined
  refuseOtherSpelling(root, `the requirements.yaml of "${where}"`)
  const other = Object.keys(root).find((key) => namingKeys.has(foldKey(key)))
  if (other !== undefined) {
    throw new Error(
      `the requirements.yaml of "${where}" has the key "${other}", which would override its Chart.yaml`,
    )
  }
  return Object.hasOwn(root, 'dependencies') ? (root['dependencies'] ?? []) : undefined
}

/** Parses a Chart.yaml, and the requirements.yaml next to it. Throws an `Error` that names what is missing. */
export function parseMetadata(
  text: string | undefined,
  where: string,
  requirements?: string,
): ChartMetadata {
  if (text === undefined) throw new Error(`there is no Chart.yaml in "${where}"`)
  const root = loadYaml(text, `${where}/Chart.yaml`)
  if (!isTree(root)) throw new Error(`the Chart.yaml of "${where}" is not a mapping`)
  refuseOtherSpelling(root, `the Chart.yaml of "${where}"`)
  const name = word(root['name'])
  const version = word(root['version'])
  if (!name || !version) throw new Error(`the Chart.yaml of "${where}" has no name or no version`)
  // They become arguments of helm and names of files.
  const [kind, given] = isOfKind(chartNameKind, name)
    ? [chartFileVersionKind, version]
    : [chartNameKind, name]
  if (!isOfKind(kind, given)) {
    throw new Error(`the Chart.yaml of "${where}": ${describeTextFault(kind, given)}`)
  }
  const appVersion = word(root['appVersion'])
  const kubeVersion = word(root['kubeVersion'])
  const listed = readRequirements(requirements, where) ?? root['dependencies']
  const dependencies = (Array.isArray(listed) ? listed : [])
    .filter(isTree)
    .flatMap((entry): ChartDependency[] => {
      refuseOtherSpelling(entry, `the Chart.yaml of "${where}"`)
      const called = word(entry['name'])
      const alias = word(entry['alias'])
      const condition = word(entry['condition'])
      if (called === undefined) return []
      return [
        {
          name: called,
          version: word(entry['version']) ?? '',
          repository: word(entry['repository']) ?? '',
          ...(alias !== undefined && { alias }),
          ...(condition !== undefined && { condition }),
          ...(hasItems(entry['import-values']) && { importsValues: true as const }),
        },
      ]
    })
  const annotations = isTree(root['annotations']) ? root['annotations'] : {}
  return {
    name,
    version,
    ...(appVersion !== undefined && { appVersion }),
    ...(kubeVersion !== undefined && { kubeVersion }),
    isLibrary: root['type'] === 'library',
    annotations: recordFrom(
      Object.entries(annotations).flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, value] as const] : [],
      ),
    ),
    dependencies,
  }
}
