import type { Addon, IncompleteAddon } from '../../model/chart/addon.ts'
import { hasUserInfo, showAddress, userInfoProblem } from '../../model/internet/url.ts'
import { namespaceKind, releaseKind, releaseNameOf } from '../../model/names/kubernetes.ts'
import { describeTextFault, isOfKind, type TextKind } from '../../model/names/text-kind.ts'
import { about, type Problem, withAdvice } from '../../model/problem.ts'
import { fillTemplates } from '../../model/values/templated-values.ts'
import { layerValues, type ValuesNode } from '../../model/values/values.ts'
import type { Steps } from '../../steps/steps.ts'
import type { LocatedFault } from '../located/faults.ts'
import type { LocatedMap } from '../located/node.ts'
import { spend } from './allowance.ts'
import { readSource } from './chart-source.ts'
import { type AddonsFile, type FieldText, fieldOf, listAt, mapAt } from './fields.ts'
import { type OwnValues, readOwnValues } from './own-values.ts'

// The keys that gitops-bridge, similar projects and Argo CD applications use for the same setting.
const keys = {
  chart: ['chart', 'addonChart', 'chartName'],
  repository: ['repoUrl', 'repoURL', 'addonChartRepository', 'chartRepository', 'repository'],
  namespaceInRegistry: ['addonChartRepositoryNamespace', 'chartNamespace', 'oci_namespace'],
  version: ['targetRevision', 'addonChartVersion', 'chartVersion', 'defaultVersion', 'version'],
  release: ['releaseName', 'addonChartReleaseName', 'release'],
  path: ['path', 'manifestPath', 'kustomizePath'],
} as const

/** Keys that name a chart repository, never a Git repository. */
const chartRepositoryKeys: ReadonlySet<string> = new Set([
  'addonChartRepository',
  'chartRepository',
])

export type FoundAddon = Addon | IncompleteAddon | RefusedAddon

/** The location of a mapping, and what its parents define for it. */
export interface AddonPlace {
  readonly path: string
  /** Its key; undefined in a list. */
  readonly key?: string
  /** The name and namespace of the application that it is a source of. */
  readonly application?: string
  readonly namespace?: string
}

/** An entry because of which the whole file is rejected. */
export interface RefusedAddon {
  readonly refused: Problem
}

/**
 * Reads a mapping as add-ons, one for each version that it names, because environments may have their own. Returns
 * undefined for a mapping that names no chart.
 */
export function* readAddon(
  map: LocatedMap,
  place: AddonPlace,
  file: AddonsFile,
): Steps<readonly FoundAddon[] | undefined> {
  const field = (names: readonly string[]) => fieldOf(map, names, file)
  const repository = field(keys.repository)
  const chart = field(keys.chart)?.text ?? chartOfKey(repository, place)
  const incomplete = (reason: string): readonly IncompleteAddon[] => [{ path: place.path, reason }]
  if (chart === undefined) {
    const reason = withoutChart(map, repository, file)
    return reason === undefined ? undefined : incomplete(reason)
  }
  if (field(keys.chart)?.isTemplated || repository?.isTemplated) {
    return incomplete(
      `its chart or repository is a template: "${showAddress(chart)}", "${showAddress(repository?.text ?? '')}"`,
    )
  }
  // An address that may contain a password is never skipped as merely incomplete.
  const secretive = [chart, repository?.text ?? ''].find(hasUserInfo)
  if (secretive !== undefined) {
    return [{ refused: userInfoProblem(`${place.path}: the address`, secretive) }]
  }
  if (repository === undefined && !chart.startsWith('oci://')) {
    return incomplete(`chart "${chart}" has no repository`)
  }
  const parsed = readSource(chart, repository?.text, field(keys.namespaceInRegistry)?.text)
  if (!parsed.ok) {
    const { problem } = parsed
    // A host with credentials, which is treated as a registry.
    return /^[^/]*@/.test(repository?.text ?? '')
      ? [{ refused: about(place.path, problem) }]
      : incomplete(withAdvice(problem))
  }
  const read = readOwnValues(map, file)
  if (!read.ok) return incomplete(unreadable(read.problem, file))
  const own = read.value
  // A leading dot makes a template of it in the charts of gitops-bridge.
  const namespace = withoutDot(known(field(['namespace'])) ?? place.namespace)
  const release = releaseOf(map, file) ?? place.application
  const fault = faultOf(releaseKind, release) ?? faultOf(namespaceKind, namespace)
  if (fault !== undefined) return incomplete(fault)
  const enabled = map.entries.get('enabled')?.value
  const common = {
    ...parsed.value,
    release: release ?? releaseNameOf(parsed.value.name),
    ...(namespace !== undefined && { namespace }),
    ...(enabled?.kind === 'scalar' &&
      typeof enabled.value === 'boolean' && { enabled: enabled.value }),
    file: file.file,
    line: map.at.line,
  }
  const version = versionOf(map, file)
  const values = withValues(own)
  const environments = yield* readEnvironments(map, { version, own, values }, file)
  const base =
    version === undefined && environments.some((other) => 'version' in other)
      ? []
      : [{ ...common, ...version, ...values, path: place.path }]
  return [
    ...base,
    ...environments.map((other): FoundAddon => {
      const path = `${place.path}.environments[${other.index}]`
      if ('reason' in other) return { path, reason: other.reason }
      return { ...common, ...other.version, ...other.values, path }
    }),
  ]
}

function unreadable({ at, message }: LocatedFault, { file }: AddonsFile): string {
  return `its values cannot be read: ${file}:${at.line}:${at.column}: ${message}`
}

/** Returns the chart name in gitops-bridge: the key, with dashes. Source: charts/application-sets, `nameNormalize`. */
function chartOfKey(repository: FieldText | undefined, { key }: AddonPlace): string | undefined {
  if (repository === undefined || !chartRepositoryKeys.has(repository.key)) return undefined
  return key?.replaceAll('_', '-').slice(0, 63).replace(/-$/, '')
}

/** Returns why a mapping with a repository but no chart is not an add-on; undefined for an unrelated mapping. */
function withoutChart(
  map: LocatedMap,
  repository: FieldText | undefined,
  file: AddonsFile,
): string | undefined {
  if (repository === undefined) return undefined
  const path = fieldOf(map, keys.path, file)
  if (path !== undefined)
    return `it points to the path "${path.text}" in "${showAddress(repository.text)}", not to a chart`
  const isChartLike =
    repository.key !== 'repository' &&
    !map.entries.has('ref') &&
    [keys.version, keys.release].some((names) => fieldOf(map, names, file) !== undefined)
  return isChartLike
    ? `repository "${showAddress(repository.text)}" is given without a chart`
    : undefined
}

function withoutDot(namespace: string | undefined): string | undefined {
  return namespace?.startsWith('.') ? undefined : namespace
}

function faultOf(kind: TextKind, text: string | undefined): string | undefined {
  return text === undefined || isOfKind(kind, text) ? undefined : describeTextFault(kind, text)
}

function known(field: FieldText | undefined): string | undefined {
  return field === undefined || field.isTemplated ? undefined : field.text
}

function releaseOf(map: LocatedMap, file: AddonsFile): string | undefined {
  const helm = mapAt(map, 'helm')
  const inHelm = helm && known(fieldOf(helm, keys.release, file))
  return inHelm ?? known(fieldOf(map, keys.release, file))
}

interface Version {
  readonly version: string
}

/** Returns the version; undefined for a floating one, such as a template, `*` or `latest`. */
function versionOf(map: LocatedMap, file: AddonsFile): Version | undefined {
  const version = known(fieldOf(map, keys.version, file))
  return version === undefined || /^(?:\*|latest)$/i.test(version) ? undefined : { version }
}

type GivenValues = ReturnType<typeof withValues>

/** What an environment installs, or why it cannot be read. */
type EnvironmentContent =
  { readonly version: Version; readonly values: GivenValues } | { readonly reason: string }

/** One of the environments of an add-on. */
type Environment = { readonly index: number } & EnvironmentContent

/** The add-on itself, whose values its environments override. */
interface BaseAddon {
  readonly version: Version | undefined
  readonly own: OwnValues
  readonly values: GivenValues
}

/** Reads environments that install a different version than the add-on itself, or have their own values. */
function* readEnvironments(
  map: LocatedMap,
  base: BaseAddon,
  file: AddonsFile,
): Steps<readonly Environment[]> {
  const environments: Environment[] = []
  const repeated = countValues(base.own.written) + base.own.templated.length
  for (const [index, node] of listAt(map, 'environments').entries()) {
    yield
    if (node.kind !== 'map') continue
    const environment = readEnvironment(node, base, file)
    if (environment === undefined) continue
    environments.push({ index, ...environment })
    const isCopy = 'values' in environment && environment.values !== base.values
    if (isCopy && !spend(file.allowance, { values: repeated + node.size }, node.at)) break
  }
  return environments
}

function readEnvironment(
  node: LocatedMap,
  base: BaseAddon,
  file: AddonsFile,
): EnvironmentContent | undefined {
  const written = fieldOf(node, keys.version, file)
  if (written?.isTemplated) return { reason: `its version is a template: "${written.text}"` }
  const version = versionOf(node, file) ?? base.version
  const read = readOwnValues(node, file)
  if (!read.ok) return { reason: unreadable(read.problem, file) }
  const own = read.value
  if (version === undefined) return undefined
  const isSame = version.version === base.version?.version && Object.keys(own.written).length === 0
  if (isSame) return undefined
  const hasOwn = Object.keys(own.written).length > 0 || own.unread.length > 0
  if (!hasOwn) return { version, values: base.values }
  const layered: OwnValues = {
    written: layerValues(base.own.written, own.written),
    templated: [...base.own.templated, ...own.templated],
    unread: [...base.own.unread, ...own.unread],
  }
  return { version, values: withValues(layered) }
}

function countValues(node: ValuesNode): number {
  if (typeof node !== 'object' || node === null) return 1
  return Object.values(node).reduce<number>((sum, child) => sum + countValues(child), 1)
}

function withValues({ written, templated, unread }: OwnValues) {
  return {
    values: fillTemplates(written),
    ...(templated.length > 0 && { written, templated }),
    ...(unread.length > 0 && { unread }),
  }
}
