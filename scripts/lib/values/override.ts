import { isDeepStrictEqual } from 'node:util'
import {
  chartAddress,
  fillPattern,
  type LayoutName,
  placeChart,
  type Target,
} from '../model/image/layout.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { type Manifest, type ManifestChart, publishedVersion } from '../model/manifest/manifest.ts'
import { unwrap } from '../model/problem.ts'
import { type LeafAssignment, variantName } from '../model/chart/relocation.ts'
import { lineOf } from '../model/text/line.ts'
import { treeFrom, treeOf, type ValuesTree } from '../model/values/values.ts'
import { readValuesText } from '../sources/values/values-file.ts'
import { printYaml } from '../sources/yaml/print.ts'
import { renderTemplate } from '../tools/files/template.ts'
import { assignmentTree } from '../charts/relocate/solve/assignments.ts'

/** Fills a relocation for one target and sets its leaves in an empty tree, in the order given. */
export function buildValues(relocation: readonly LeafAssignment[], target: Target): ValuesTree {
  return assignmentTree(relocation, (pattern) => fillPattern(pattern, target))
}

export interface OverrideOptions {
  readonly layout: LayoutName
  /** Only the values that this variant needs. */
  readonly variant?: string
}

/** Returns the values of a chart in a layout: all of them, or those that one variant needs. */
function chartValues(
  { images }: Manifest,
  chart: ManifestChart,
  { layout, variant }: OverrideOptions,
): readonly LeafAssignment[] {
  const values = chart.relocation[layout]?.values ?? []
  if (variant === undefined || !chart.variants.includes(variant)) return values
  const needed = new Set<string>()
  const others = new Set<string>()
  for (const { found } of images) {
    for (const place of found.filter((one) => one.chart === chart.name)) {
      const set = place.variants.some((one) => variantName(one) === variant) ? needed : others
      for (const leaf of place.leaves) set.add(leaf)
    }
  }
  // Values that no rendered image uses were declared by hand, and stay.
  return values.filter(({ path }) => {
    const leaf = formatLeafPath(path)
    const feeds = (leaves: ReadonlySet<string>) =>
      [...leaves].some((other) => other === leaf || other.startsWith(`${leaf}[`))
    return feeds(needed) || !feeds(others)
  })
}

interface ChartOverride {
  readonly name: string
  readonly repository: string
  /** Only if the published version differs from the pinned one. */
  readonly version?: string
  readonly values: ValuesTree
}

function overrideChart(
  manifest: Manifest,
  chart: ManifestChart,
  target: Target,
  options: OverrideOptions,
): ChartOverride {
  const version = publishedVersion(chart)
  const place = unwrap(placeChart(options.layout, chart, version))
  return {
    name: chart.name,
    repository: chartAddress(target, place),
    ...(version !== chart.version && { version }),
    values: buildValues(chartValues(manifest, chart, options), target),
  }
}

/**
 * Renders the values override of an umbrella chart for one target, from the manifest alone. Parses the text again and
 * compares it with the intended values before returning it.
 */
export async function renderOverride(
  manifest: Manifest,
  target: Target,
  options: OverrideOptions = { layout: 'mirrored' },
): Promise<string> {
  const charts = overrideCharts(manifest, target, options)
  const direct = directValues(manifest, target, options)
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
  refuseOther(text, overrideValues(manifest, target, options))
  return text
}

/** Returns the values override of an umbrella chart for one target, as a tree. */
export function overrideValues(
  manifest: Manifest,
  target: Target,
  options: OverrideOptions = { layout: 'mirrored' },
): ValuesTree {
  const charts = overrideCharts(manifest, target, options).map(
    ({ name, repository, version, values }): [string, ValuesTree] => [
      name,
      treeOf({
        repository,
        ...(version !== undefined && { version }),
        ...(!isEmpty(values) && { values }),
      }),
    ],
  )
  return treeFrom([
    ['charts', treeFrom(charts)],
    ...Object.entries(directValues(manifest, target, options)),
    ['ecrAuth', treeOf({ registry: target.registry })],
  ])
}

function overrideCharts(
  manifest: Manifest,
  target: Target,
  options: OverrideOptions,
): ChartOverride[] {
  return manifest.charts.map((chart) => overrideChart(manifest, chart, target, options))
}

function directValues(
  { relocation }: Manifest,
  target: Target,
  { layout }: OverrideOptions,
): ValuesTree {
  return buildValues(relocation[layout] ?? [], target)
}

/** Reads a text as helm does and compares it with the intended values. Throws when they differ. */
function refuseOther(text: string, meant: ValuesTree): void {
  if (isDeepStrictEqual(unwrap(readValuesText('the rendered values', text)), meant)) return
  throw new Error('the rendered values do not match the manifest; the template is wrong')
}

function isEmpty(tree: ValuesTree): boolean {
  return Object.keys(tree).length === 0
}

export function block(tree: ValuesTree): string {
  return isEmpty(tree) ? '' : printYaml(tree).trimEnd()
}

function scalar(text: string): string {
  return printYaml(text).trimEnd()
}

/** Returns the values of one chart for `helm install -f`. */
export async function renderChartValues(
  manifest: Manifest,
  chart: ManifestChart,
  target: Target,
  options: OverrideOptions,
): Promise<string> {
  const values = buildValues(chartValues(manifest, chart, options), target)
  const place = unwrap(placeChart(options.layout, chart, publishedVersion(chart)))
  const text = await renderTemplate('chart-values.yaml.hbs', {
    name: lineOf(chart.name),
    version: lineOf(publishedVersion(chart)),
    registry: target.registry,
    address: chartAddress(target, place),
    values: block(values),
  })
  refuseOther(text, values)
  return text
}
