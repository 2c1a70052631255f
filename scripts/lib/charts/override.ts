import { isDeepStrictEqual } from 'node:util'
import { parse, stringify } from 'yaml'
import {
  chartAddress,
  fillPattern,
  type LayoutName,
  placeChart,
  type Target,
} from '../model/layout.ts'
import { formatLeafPath } from '../model/leaf-path.ts'
import { type Manifest, type ManifestChart, publishedVersion } from '../model/manifest.ts'
import { unwrap } from '../model/problem.ts'
import { type LeafAssignment, variantName } from '../model/relocation.ts'
import { lineOf } from '../model/text/line.ts'
import { escapeStrings, isPrintable } from '../model/text/printable.ts'
import type { ValuesNode, ValuesTree } from '../model/values.ts'
import { renderTemplate } from '../tools/template.ts'
import { assignmentTree } from './relocate/assignments.ts'

/** Fills a relocation for one target and sets its leaves in an empty tree, in the order given. */
export function buildValues(relocation: readonly LeafAssignment[], target: Target): ValuesTree {
  return assignmentTree(relocation, (pattern) => fillPattern(pattern, target))
}

export interface OverrideOptions {
  readonly layout: LayoutName
  /** Only what this variant needs. */
  readonly variant?: string
}

/** The values of a chart in a layout: all of them, or those that have a part in what one variant renders. */
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
  // What no image of any variant explains was declared by hand, and stays.
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
  /** Only where the published version differs from the pinned one. */
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
 * Renders the values override of an umbrella chart for one target, from the manifest alone.
 * The text is parsed again and compared with what was meant before it is returned.
 */
export async function renderOverride(
  manifest: Manifest,
  target: Target,
  options: OverrideOptions = { layout: 'mirrored' },
): Promise<string> {
  const charts = manifest.charts.map((chart) => overrideChart(manifest, chart, target, options))
  const direct = buildValues(manifest.relocation[options.layout] ?? [], target)
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

/** helm reads YAML 1.1: a tag such as `on` has to be quoted for it. */
const forHelm = { lineWidth: 0, version: '1.1' } as const

export function block(tree: ValuesTree): string {
  return isEmpty(tree) ? '' : toYaml(tree)
}

function scalar(text: string): string {
  return toYaml(text)
}

/** YAML without a line break at its end. Where a line would not be printable, all texts are quoted and escaped. */
function toYaml(value: ValuesNode): string {
  const text = stringify(value, forHelm).trimEnd()
  if (text.split('\n').every(isPrintable)) return text
  const quoted = stringify(value, {
    ...forHelm,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  })
  return escapeStrings(quoted.trimEnd(), 'yaml')
}

/** The values of one chart, as \`helm install -f\` takes them. */
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
  const meant = isEmpty(values) ? null : values
  if (!isDeepStrictEqual(parse(text), meant)) {
    throw new Error('the rendered values are not what the manifest says; the template is at fault')
  }
  return text
}
