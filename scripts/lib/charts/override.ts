import { isDeepStrictEqual } from 'node:util'
import { parse, stringify } from 'yaml'
import { fillPattern, placeChart, repositoryAt, type Target } from '../model/layout.ts'
import {
  type LeafAssignment,
  type LeafPath,
  type Manifest,
  type ManifestChart,
  publishedVersion,
} from '../model/manifest.ts'
import { unwrap } from '../model/problem.ts'
import { renderTemplate } from '../tools/template.ts'

/** A values tree: what YAML reads from a values file. */
export interface ValuesTree {
  [key: string]: ValuesNode
}
type ValuesNode = string | ValuesTree | ValuesNode[]
type Branch = ValuesTree | ValuesNode[]

/** Fills a relocation for one target and sets its leaves in an empty tree, in the order given. */
export function buildValues(relocation: readonly LeafAssignment[], target: Target): ValuesTree {
  const root: ValuesTree = {}
  for (const { path, value } of relocation) setLeaf(root, path, fillPattern(value, target))
  return root
}

function setLeaf(root: ValuesTree, path: LeafPath, value: string): void {
  let node: Branch = root
  for (const [index, key] of path.entries()) {
    const next = path[index + 1]
    if (next === undefined) return setChild(node, key, value)
    const child = childOf(node, key)
    if (typeof child === 'object') node = child
    else {
      const made: Branch = typeof next === 'number' ? [] : {}
      setChild(node, key, made)
      node = made
    }
  }
}

function childOf(node: Branch, key: string | number): ValuesNode | undefined {
  return Array.isArray(node) ? node[Number(key)] : node[key]
}

function setChild(node: Branch, key: string | number, value: ValuesNode): void {
  if (Array.isArray(node)) node[Number(key)] = value
  else node[key] = value
}

interface ChartOverride {
  readonly name: string
  readonly repository: string
  /** Only where the published version differs from the pinned one. */
  readonly version?: string
  readonly values: ValuesTree
}

function overrideChart(chart: ManifestChart, target: Target): ChartOverride {
  const version = publishedVersion(chart)
  const place = unwrap(placeChart('mirrored', chart, version))
  return {
    name: chart.name,
    repository: `oci://${target.registry}/${repositoryAt(target, place)}`,
    ...(version !== chart.version && { version }),
    values: buildValues(chart.relocation, target),
  }
}

/**
 * Renders the values override of an umbrella chart for one target, from the manifest alone.
 * The text is parsed again and compared with what was meant before it is returned.
 */
export async function renderOverride(manifest: Manifest, target: Target): Promise<string> {
  const charts = manifest.charts.map((chart) => overrideChart(chart, target))
  const direct = buildValues(manifest.relocation, target)
  const text = await renderTemplate('private-ecr-values.yaml.hbs', {
    registry: target.registry,
    charts: charts.map(({ name, repository, version, values }) => ({
      key: scalar(name),
      repository: scalar(repository),
      version: version === undefined ? '' : scalar(version),
      values: block(values),
    })),
    direct: block(direct),
  })
  const meant = {
    charts: Object.fromEntries(
      charts.map(({ name, values, ...chart }) => [
        name,
        isEmpty(values) ? chart : { ...chart, values },
      ]),
    ),
    ...direct,
    ecrAuth: { registry: target.registry },
  }
  if (!isDeepStrictEqual(parse(text), meant)) {
    throw new Error('the rendered values are not what the manifest says; the template is at fault')
  }
  return text
}

function isEmpty(tree: ValuesTree): boolean {
  return Object.keys(tree).length === 0
}

function block(tree: ValuesTree): string {
  return isEmpty(tree) ? '' : stringify(tree, { lineWidth: 0 }).trimEnd()
}

function scalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd()
}
