import type { ValuesTree } from '../model/values.ts'
import type { ChartVersion } from '../model/chart.ts'
import { isOciRepository, ociChartUrl } from '../model/chart.ts'
import {
  byChartRepositories,
  type LayoutName,
  mirroredRepository,
  type Place,
  placeChart,
  placeImages,
  type Target,
} from '../model/layout.ts'
import { formatLeafPath } from '../model/leaf-path.ts'
import { type Result, success, unwrap } from '../model/problem.ts'
import {
  formatReference,
  parseReference,
  type Reference,
  repositoryOf,
} from '../model/reference.ts'
import { nodeAt, scalarsOf } from '../model/values.ts'
import { type LocalChart, rendererOf } from '../charts/acquire.ts'
import { readArchive } from '../charts/archive.ts'
import { defaultKubeVersion } from '../charts/discover.ts'
import { locateChart } from '../charts/locate.ts'
import { buildValues } from '../charts/override.ts'
import { relocateChart } from '../charts/relocate/relocate.ts'
import { proveRepacked } from '../charts/relocate/repacked.ts'
import { summarize } from '../charts/relocate/result.ts'
import { rewritesOf } from '../charts/relocate/rewrites.ts'
import type { Render } from '../charts/render.ts'
import { packChart, type PatchedChart, patchChart } from '../charts/repack.ts'
import type { Workshop } from '../charts/workshop.ts'
import type { LocalArchive } from '../mirror/placement.ts'
import { type ReleaseGroup, variantsOf } from './release-group.ts'

/** How charts are prepared; the same for all of a run. */
export interface PrepareSettings {
  readonly target: Target
  readonly layout: LayoutName
  readonly withDependencies: boolean
  readonly kubeVersion?: string
  readonly apiVersions: readonly string[]
}

export interface PlacedImage {
  readonly reference: Reference
  readonly place: Place
}

/** A release whose own values set leaves that the repacked chart has private. */
export interface Defeat {
  readonly release: string
  readonly leaves: readonly string[]
}

/** A chart whose own defaults are private, and what it needs. */
export interface PreparedChart {
  readonly group: ReleaseGroup
  readonly local: LocalChart
  readonly patched: PatchedChart
  readonly archive: LocalArchive
  readonly place: Place
  readonly images: readonly PlacedImage[]
  /** The values that make the chart private, whichever copy of it is installed. */
  readonly values: ValuesTree
  readonly defeats: readonly Defeat[]
  /** References that only the repacked chart moves, and no values. */
  readonly beyondValues: readonly string[]
  /** Text that may be an image and is left alone. */
  readonly undecided: readonly string[]
  readonly notices: readonly string[]
  /** What speaks against the proof; nothing when it is proven. */
  readonly faults: readonly string[]
}

/** Pulls, renders, relocates, repacks and proves one chart. */
export async function prepareChart(
  group: ReleaseGroup,
  required: ValuesTree,
  settings: PrepareSettings,
  workshop: Workshop,
): Promise<Result<PreparedChart>> {
  const { target, layout, withDependencies } = settings
  const place = placeChart(layout, group, group.version)
  if (!place.ok) return place
  const located = await locateChart(wishFor(group), workshop)
  if (!located.ok) return located
  const local = located.value
  const narrow = withDependencies ? (render: Render) => render : withoutSubcharts
  const relocated = await relocateChart({
    chart: local.chart,
    variants: [...variantsOf(group, required)].map(([name, values]) => ({
      name,
      values,
      settings: {
        kubeVersion: settings.kubeVersion ?? defaultKubeVersion,
        apiVersions: settings.apiVersions,
        release: group.releases[0]?.release ?? group.name,
        namespace: group.releases[0]?.namespace ?? 'default',
      },
    })),
    layouts: [layout],
    target,
    decide: () => undefined,
    render: narrow(rendererOf(local, workshop).render),
  })
  if (!relocated.ok) return relocated
  const result = summarize(relocated.value, local.hash)
  const solved = result.layouts[layout]
  if (solved === undefined) throw new Error(`nothing was solved for layout "${layout}"`)
  const values = buildValues(solved.values, target)
  const patched = patchChart(local.chart, values, rewritesOf(relocated.value, target), local.hash)
  const { name } = local.chart.metadata
  const file = await packChart(name, patched, workshop.folder, workshop)
  if (!file.ok) return file
  const archive = await readArchive(file.value)
  if (!archive.ok) return archive
  const faults = await proveRepacked(
    file.value,
    relocated.value,
    { target, over: values, narrow },
    workshop,
  )
  if (!faults.ok) return faults
  return success({
    group,
    local,
    patched,
    archive: { file: file.value, sha256: archive.value.sha256 },
    place: place.value,
    images: placeAll(
      result.images.map(({ reference }) => unwrap(parseReference(reference))),
      layout,
      name,
    ),
    values,
    defeats: defeatsOf(group, values),
    beyondValues: solved.unreached.map(({ reference }) => reference),
    undecided: result.undecided.map(({ reference }) => reference),
    notices: result.notices,
    faults: faults.value,
  })
}

function wishFor(chart: ChartVersion): { chart: string; repo?: string; version: string } {
  return isOciRepository(chart.repository)
    ? { chart: ociChartUrl(chart), version: chart.version }
    : { chart: chart.name, repo: chart.repository, version: chart.version }
}

/** Renders without what subcharts add: helm names the template of every document. */
function withoutSubcharts(render: Render): Render {
  return async (request) => {
    const rendered = await render(request)
    if (!rendered.ok) return rendered
    return success(rendered.value.filter(({ source }) => !source.includes('/charts/')))
  }
}

function placeAll(
  references: readonly Reference[],
  layout: LayoutName,
  chart: string,
): PlacedImage[] {
  const repositories = byChartRepositories(chart, references)
  const places = placeImages(references, (reference) =>
    layout === 'mirrored'
      ? mirroredRepository(reference)
      : (repositories.get(repositoryOf(reference)) ?? ''),
  )
  return references.flatMap((reference) => {
    const place = places.get(formatReference(reference))
    return place === undefined ? [] : [{ reference, place }]
  })
}

/** Where an add-on's own values would win over the private defaults of the repacked chart. */
function defeatsOf({ releases }: ReleaseGroup, over: ValuesTree): Defeat[] {
  return releases.flatMap(({ release, values }) => {
    const leaves = [...scalarsOf(over)]
      .filter(({ path }) => nodeAt(values, path) !== undefined)
      .map(({ path }) => formatLeafPath(path))
    return leaves.length > 0 ? [{ release, leaves }] : []
  })
}
