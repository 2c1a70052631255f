import type { Addon, AddonList, IncompleteAddon } from '../model/addon.ts'
import { type ChartSource, parseChartSource } from '../model/chart.ts'
import { invalidInput, type Result, success } from '../model/problem.ts'
import { trimEndOf, trimOf } from '../model/text/trim.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../model/values.ts'
import { readTemplatedYaml } from './templated-yaml.ts'
import type { SourceText } from './yaml-source.ts'

// The keys under which gitops-bridge, its relatives and Argo CD applications say the same thing.
const keys = {
  chart: ['chart', 'addonChart', 'chartName'],
  repository: ['repoUrl', 'repoURL', 'addonChartRepository', 'chartRepository', 'repository'],
  namespaceInRegistry: ['addonChartRepositoryNamespace', 'chartNamespace', 'oci_namespace'],
  version: ['targetRevision', 'addonChartVersion', 'chartVersion', 'defaultVersion', 'version'],
  release: ['releaseName', 'addonChartReleaseName', 'release'],
  values: ['valuesObject', 'values'],
  path: ['path', 'manifestPath', 'kustomizePath'],
} as const

/** The text that stands for what a go template would put there. */
const placeholder = 'placeholder'

/**
 * Finds the add-ons of a values file, wherever they stand in it: every mapping that names a chart and a repository.
 * What names a chart without a repository, or a repository without a chart, is reported and never dropped in silence.
 * Fails for text that is not YAML, and for a file with no add-on in it.
 */
export function parseAddonsValues(source: SourceText): Result<AddonList> {
  const read = readTemplatedYaml(source)
  if (!read.ok) return read
  const addons: Addon[] = []
  const incomplete: IncompleteAddon[] = []
  visit({ verbatim: read.value.verbatim, typed: read.value.typed, path: [] }, (found) => {
    if ('reason' in found) incomplete.push(found)
    else addons.push(found)
  })
  if (addons.length === 0 && incomplete.length === 0) {
    return invalidInput(
      `${source.file}: no add-ons in it: no mapping names a chart and its repository`,
      'an add-on is a mapping with chart: and repoUrl: (or repository:), such as addons: { argocd: { chart: argo-cd, repoUrl: https://… } }',
    )
  }
  return success({ addons, incomplete })
}

interface Place {
  /** Every scalar as it is written, so that the version 1.10 stays 1.10. */
  readonly verbatim: unknown
  readonly typed: ValuesNode
  readonly path: readonly string[]
}

type Report = (found: Addon | IncompleteAddon) => void

function visit({ verbatim, typed, path }: Place, report: Report): void {
  if (Array.isArray(verbatim)) {
    const list = Array.isArray(typed) ? typed : []
    verbatim.forEach((item: unknown, index) =>
      visit({ verbatim: item, typed: list[index] ?? null, path: [...path, `[${index}]`] }, report),
    )
    return
  }
  if (!isPlain(verbatim)) return
  const tree = isTree(typed) ? typed : {}
  const found = readAddon(verbatim, tree, path)
  if (found !== undefined) return report(found)
  for (const [key, child] of Object.entries(verbatim)) {
    visit({ verbatim: child, typed: tree[key] ?? null, path: [...path, key] }, report)
  }
}

function isPlain(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

function readAddon(
  fields: Record<string, unknown>,
  typed: ValuesTree,
  path: readonly string[],
): Addon | IncompleteAddon | undefined {
  const where = formatPath(path)
  const text = (names: readonly string[]) =>
    names.map((name) => fields[name]).find((value): value is string => isText(value))
  const chart = text(keys.chart)
  const repository = text(keys.repository)
  if (chart === undefined) {
    const gitPath = text(keys.path)
    if (repository === undefined || gitPath === undefined) return undefined
    return { path: where, reason: `it is the path "${gitPath}" of "${repository}", not a chart` }
  }
  if (repository === undefined && !chart.startsWith('oci://')) {
    return { path: where, reason: `chart "${chart}" has no repository` }
  }
  if (isTemplated(chart) || isTemplated(repository)) {
    return {
      path: where,
      reason: `its chart or repository is a template: "${chart}", "${repository ?? ''}"`,
    }
  }
  const parsed = readSource(chart, repository, text(keys.namespaceInRegistry))
  if (!parsed.ok) return { path: where, reason: parsed.problem.message }
  const version = text(keys.version)
  const isFloating =
    version === undefined || isTemplated(version) || /^(?:\*|latest)$/i.test(version)
  const release = text(keys.release)
  const namespace = text(['namespace'])
  const enabled = typed['enabled']
  return {
    ...parsed.value,
    release: release === undefined || isTemplated(release) ? parsed.value.name : release,
    ...(!isFloating && { version }),
    values: valuesOf(typed),
    ...(namespace !== undefined && !isTemplated(namespace) && { namespace }),
    ...(typeof enabled === 'boolean' && { enabled }),
    path: where,
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== 'null' && value !== '~'
}

function isTemplated(text: string | undefined): boolean {
  return text?.includes('{{') ?? false
}

/**
 * Reads the many ways to say where a chart is into one normal form: `argo-cd` of `https://…`, `karpenter/karpenter` of
 * `public.ecr.aws`, a chart with its namespace apart, or `oci://host/path/name` alone.
 */
export function readSource(
  chart: string,
  repository = '',
  namespaceInRegistry = '',
): Result<ChartSource> {
  const bare = trimEndOf(repository.trim(), '/')
  if (/^https?:\/\//.test(bare)) return parseChartSource(chart, bare)
  if (chart.startsWith('oci://')) return parseChartSource(lastOf(chart), chart)
  // A host without a scheme is a registry; an HTTP repository is always written with one.
  const base = bare.startsWith('oci://') ? bare : `oci://${bare}`
  const namespace = trimOf(namespaceInRegistry, '/')
  const isSpelledOut = namespace !== '' || chart.includes('/')
  // A repository that ends with the chart's own name has it twice, unless it would be left without any path: the chart
  // karpenter of public.ecr.aws/karpenter is public.ecr.aws/karpenter/karpenter.
  const repeats = /^oci:\/\/[^/]+\/.+\//.test(base) && lastOf(base) === chart
  const url =
    repeats && !isSpelledOut
      ? base
      : [base, namespace, chart].filter((part) => part !== '').join('/')
  return parseChartSource(lastOf(url), url)
}

function lastOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

function valuesOf(typed: ValuesTree): ValuesTree {
  for (const key of keys.values) {
    const values = typed[key]
    if (isTree(values)) return fillTemplates(values)
  }
  return {}
}

/** Replaces what only the cluster's controller could render: the chart has to render without it. */
function fillTemplates(tree: ValuesTree): ValuesTree {
  const fill = (node: ValuesNode): ValuesNode => {
    if (typeof node === 'string') return fillText(node)
    if (Array.isArray(node)) return node.map(fill)
    return isTree(node) ? fillTemplates(node) : node
  }
  return Object.fromEntries(Object.entries(tree).map(([key, node]) => [key, fill(node)]))
}

function fillText(text: string): string {
  let filled = ''
  let from = 0
  for (;;) {
    const open = text.indexOf('{{', from)
    const close = open === -1 ? -1 : text.indexOf('}}', open + 2)
    if (close === -1) return filled + text.slice(from)
    filled += text.slice(from, open) + placeholder
    from = close + 2
  }
}

function formatPath(path: readonly string[]): string {
  return path.join('.').replaceAll('.[', '[') || 'the file itself'
}
