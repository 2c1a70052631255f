import { formatLeafPath } from '../../model/values/leaf-path.ts'
import { layerValues, type ValuesTree } from '../../model/values/values.ts'
import {
  fillPattern,
  type LayoutName,
  type Place,
  placeChart,
  placeImages,
  type Target,
} from '../../model/image/layout.ts'
import { failure, type Result, success, unwrap } from '../../model/problem.ts'
import {
  formatReference,
  parseReference,
  type Reference,
  repositoryOf,
} from '../../model/image/reference.ts'
import { type RelocationResult, variantName } from '../../model/chart/relocation.ts'
import { describeRuntime } from '../../model/chart/runtime-text.ts'
import {
  type Acquirer,
  type LocalChart,
  openLocal,
  rendererOf,
} from '../../charts/fetch/acquire.ts'
import { readArchive } from '../../charts/chart/archive.ts'
import { defaultKubeVersion } from '../../manifest/discover.ts'
import { buildValues } from '../../values/override.ts'
import { suffixOf } from '../../charts/relocate/destinations.ts'
import {
  type ChartRelocation,
  type RelocateOptions,
  relocateChart,
} from '../../charts/relocate/relocate.ts'
import { proveRepacked, splitOverride } from '../../charts/relocate/patched/repacked.ts'
import type { OperatorKnowledge } from '../../charts/relocate/operators/expect.ts'
import { summarize } from '../../charts/relocate/result.ts'
import { rewritesOf } from '../../charts/relocate/patched/rewrites.ts'
import type { Render } from '../../charts/render/render.ts'
import { packApart, type PatchedChart, patchChart } from '../../charts/patch/repack.ts'
import type { Session } from '../../session/session.ts'
import type { LocalArchive } from '../../mirror/plan/placement.ts'
import { explainMissing } from './missing-chart.ts'
import { type ReleaseGroup, variantsOf } from './release-group.ts'
import { probeTemplates, type UnknownLeaf } from '../templates/probe.ts'
import { type Defeat, makeSnippets, type Snippet } from './snippets.ts'
import { keysOfSubcharts, touchedSubcharts, withoutSubcharts } from './without-dependencies.ts'

/** How charts are prepared; the same for the whole run. */
export interface PrepareSettings {
  readonly target: Target
  readonly layout: LayoutName
  readonly withDependencies: boolean
  readonly kubeVersion?: string
  readonly apiVersions: readonly string[]
  readonly acquirer: Acquirer
  /** What is known of operators. */
  readonly operators: Pick<OperatorKnowledge, 'catalog' | 'systems'>
}

export interface PlacedImage {
  readonly reference: Reference
  readonly place: Place
}

/** A chart whose own defaults are private, and what it needs. */
export interface PreparedChart {
  readonly group: ReleaseGroup
  readonly local: LocalChart
  readonly patched: PatchedChart
  readonly archive: LocalArchive
  readonly place: Place
  readonly images: readonly PlacedImage[]
  /** Values that make any copy of the chart private; the first apply to all releases. */
  readonly snippets: readonly Snippet[]
  readonly defeats: readonly Defeat[]
  /** References that only the repacked chart redirects, not values. */
  readonly beyondValues: readonly string[]
  /** Text that may be an image and was left unchanged. */
  readonly undecided: readonly string[]
  readonly questions: RelocationResult['questions']
  readonly notices: readonly string[]
  /** Faults of the proof; empty when it is proven. */
  readonly faults: readonly string[]
  /** Templates of its add-ons that decide what a cluster pulls. */
  readonly unknown: readonly UnknownLeaf[]
}

/** True for a chart without faults and unknown templates. */
export function isProven({ faults, unknown }: Pick<PreparedChart, 'faults' | 'unknown'>): boolean {
  return faults.length === 0 && unknown.every(({ effect }) => effect.kind === 'untested')
}

/** Pulls, renders, relocates, repacks and proves one chart. */
export async function prepareChart(
  group: ReleaseGroup,
  required: ValuesTree,
  settings: PrepareSettings,
  session: Session,
): Promise<Result<PreparedChart>> {
  const { target, layout, withDependencies } = settings
  const place = placeChart(layout, group, group.version)
  if (!place.ok) return place
  const located = await settings.acquirer.published(group)
  if (!located.ok) return failure(await explainMissing(group, located.problem, session))
  const local = located.value
  const identity = checkIdentity(group, local)
  if (!identity.ok) return identity
  const { render } = rendererOf(local, session)
  const narrow = withDependencies ? (whole: Render) => whole : withoutSubcharts
  const variants = variantsOf(group, required)
  const options: RelocateOptions = {
    chart: local.chart,
    variants: variants.map(({ name, values, release, namespace }) => ({
      name,
      values,
      sealed: withDependencies ? [] : keysOfSubcharts(local.chart),
      assumes: {
        kubeVersion: settings.kubeVersion === undefined,
        apiVersions: settings.apiVersions.length === 0,
      },
      settings: {
        kubeVersion: settings.kubeVersion ?? defaultKubeVersion,
        apiVersions: settings.apiVersions,
        release,
        namespace,
      },
    })),
    layouts: [layout],
    target,
    decide: () => undefined,
    operators: { ...settings.operators, repository: group.repository },
    render: narrow(render),
    signal: session.signal,
  }
  const relocated = await relocateChart(options)
  if (!relocated.ok) return relocated
  const result = summarize(relocated.value, local.hash)
  const solved = result.layouts[layout]
  if (solved === undefined) throw new Error(`nothing was solved for layout "${layout}"`)
  const references = [...result.images, ...result.runtime].map(({ reference }) =>
    unwrap(parseReference(reference)),
  )
  const values = buildValues(solved.values, target)
  const snippets = await makeSnippets(
    group,
    variants,
    { values, solved, layout },
    // Destination names depend on the other images, whichever value set shows them.
    { ...options, declared: references },
  )
  if (!snippets.ok) return snippets
  // Required values come from a file of the caller and may contain secrets in lists.
  const { own, restated, restatedPaths } = splitOverride(values, required)
  const patched = patchChart(local.chart, own, rewritesOf(relocated.value, target), local.hash)
  const file = await packApart(local.chart.metadata, patched, session)
  const archive = await readArchive(file)
  if (!archive.ok) return archive
  const { onTop, all, defeats, apart } = snippets.value
  const faults = await proveRepacked(
    file,
    relocated.value,
    { target, over: values, narrow, onTop: (given) => layerValues(restated, onTop(given)) },
    session,
  )
  if (!faults.ok) return faults
  const unknown: UnknownLeaf[] = []
  for (const { name, addon } of variants) {
    const view = relocated.value.views.find(({ variant }) => variant.name === name)
    if (addon === undefined || view === undefined) continue
    const probed = {
      addon,
      required,
      chart: local.chart,
      view,
      render: narrow(render),
      signal: session.signal,
    }
    unknown.push(...(await probeTemplates(probed)))
  }
  const touched = withDependencies
    ? success([])
    : await touchedBy(file, render, options.variants, session)
  if (!touched.ok) return touched
  return success({
    group,
    local,
    patched,
    archive: { file, sha256: archive.value.sha256 },
    place: place.value,
    images: placeAll(relocated.value, references, layout),
    snippets: all,
    defeats,
    beyondValues: [
      ...new Set(
        solved.unreached
          .filter(
            ({ variant, cause }) => cause === 'unreachable' || !apart.has(variantName(variant)),
          )
          .map(({ reference }) => reference),
      ),
    ],
    undecided: result.undecided.map(({ reference }) => reference),
    questions: result.questions,
    notices: [
      ...result.notices,
      ...result.runtime.map(describeRuntime),
      ...restatedPaths.map(
        (path) =>
          `the repacked chart does not contain ${formatLeafPath(path)}, a list from the chart overrides; install it together with its values file`,
      ),
    ],
    faults: [...faults.value, ...touched.value],
    unknown,
  })
}

async function touchedBy(
  file: string,
  render: Render,
  variants: RelocateOptions['variants'],
  session: Session,
): Promise<Result<string[]>> {
  const repacked = await openLocal(file, session)
  if (!repacked.ok) return repacked
  const requests = variants.map(({ settings, values }) => ({
    ...settings,
    values: [values],
    skipSchema: true,
  }))
  const after = rendererOf(repacked.value, session).render
  return touchedSubcharts(render, after, requests, session.signal)
}

/** Checks that a chart is what its tag says: a registry returns whatever is stored under a tag. */
function checkIdentity(
  { name, version, repository }: ReleaseGroup,
  local: LocalChart,
): Result<void> {
  const { metadata } = local.chart
  if (metadata.name === name && metadata.version === version) return success(undefined)
  return failure({
    kind: 'differs',
    side: 'source',
    message: `"${repository}/${name}" ${version} is ${metadata.name} ${metadata.version} according to its Chart.yaml`,
    next: 'use the version in its Chart.yaml, or contact its publisher',
  })
}

/**
 * Returns images with their destinations, as the relocation names them. It also knows images that are not rendered, on
 * which names depend.
 */
function placeAll(
  { views, pulled, destinationOf, placeOf }: ChartRelocation,
  references: readonly Reference[],
  layout: LayoutName,
): PlacedImage[] {
  const repositories = new Map([
    ...pulled.map(
      ({ reference }) =>
        [repositoryOf(reference), relativePlace(placeOf(layout, reference))] as const,
    ),
    ...views.flatMap(({ wanted }) =>
      wanted.map((occurrence) => {
        const destination = relativePlace(destinationOf(layout, occurrence))
        const suffix = suffixOf(destination)
        const repository = destination.slice(0, destination.length - suffix.length)
        return [repositoryOf(occurrence.reference), repository] as const
      }),
    ),
  ])
  const places = placeImages(
    references,
    (reference) => repositories.get(repositoryOf(reference)) ?? '',
  )
  return references.flatMap((reference) => {
    const place = places.get(formatReference(reference))
    return place === undefined ? [] : [{ reference, place }]
  })
}

const relativeTarget: Target = { registry: '', prefix: '' }

function relativePlace(pattern: string): string {
  return fillPattern(pattern, relativeTarget).slice(1)
}
