import type { ChartList, ListedChart, ListedImage } from '../chart/chart-list.ts'
import { append, compareText, groupBy } from '../collections.ts'
import {
  byChartRepositories,
  type LayoutName,
  mirroredRepository,
  type Place,
  placeImages,
} from '../image/layout.ts'
import { formatLeafPath, overlaps } from '../values/leaf-path.ts'
import { patternFor } from '../values/leaf-role.ts'
import type {
  Manifest,
  ManifestChart,
  ManifestImage,
  ManifestPlace,
  ManifestPull,
  ManifestUmbrella,
} from './manifest.ts'
import { directFolder } from './places.ts'
import { failure, type Problem, type Result, success, unwrap } from '../problem.ts'
import {
  formatReference,
  parseReference,
  type Reference,
  repositoryOf,
} from '../image/reference.ts'
import type { LayoutResult, LeafAssignment, RelocationResult } from '../chart/relocation.ts'

/** The findings for an umbrella chart itself. */
export interface UmbrellaResult {
  readonly name: string
  readonly version: string
  readonly digest: string
  readonly result: RelocationResult
}

export interface Composition {
  readonly list: ChartList
  /** Hash of the chart list. */
  readonly input: string
  /** The findings for each chart, by its name. */
  readonly results: ReadonlyMap<string, RelocationResult>
  readonly umbrella?: UmbrellaResult
}

const layouts: readonly LayoutName[] = ['mirrored', 'by-chart']

/**
 * Composes the manifest from findings, declarations by hand, and the values for both. Declared images are never
 * dropped. Fails when two images need different values in one leaf.
 */
export function composeManifest({ list, input, results, umbrella }: Composition): Result<Manifest> {
  const charts: ManifestChart[] = []
  for (const chart of list.charts) {
    const result = results.get(chart.name)
    if (result === undefined) throw new Error(`nothing is known about chart "${chart.name}"`)
    const composed = composeChart(chart, result)
    if (!composed.ok) return composed
    charts.push(composed.value)
  }
  const relocation: Partial<Record<LayoutName, LeafAssignment[]>> = {}
  const own = umbrella === undefined ? [] : referencesOf(umbrella.result)
  for (const layout of layouts) {
    const declared = declaredValues('direct images', list.direct, layout, directFolder, own)
    if (!declared.ok) return declared
    relocation[layout] = [...(umbrella?.result.layouts[layout]?.values ?? []), ...declared.value]
  }
  return success({
    input,
    ...(umbrella !== undefined && { umbrella: describeUmbrella(umbrella) }),
    charts: charts.toSorted((a, b) => compareText(a.name, b.name)),
    images: mergeImages(list, results, umbrella),
    relocation,
    ...(list.repositories !== undefined && { repositories: list.repositories }),
  })
}

function describeUmbrella({ name, version, digest, result }: UmbrellaResult): ManifestUmbrella {
  const { layouts: relocation, undecided, questions, notices } = result
  return { name, version, digest, relocation, undecided, questions, ...egressOf(result), notices }
}

function egressOf({ egress }: RelocationResult): Pick<ManifestChart, 'egress'> {
  return egress.length === 0 ? {} : { egress }
}

function composeChart(chart: ListedChart, result: RelocationResult): Result<ManifestChart> {
  const { name, version, published, repository, group, variants, runtime } = chart
  const relocation: Partial<Record<LayoutName, LayoutResult>> = {}
  for (const layout of layouts) {
    const solved = result.layouts[layout]
    if (solved === undefined) continue
    const declared = declaredValues(name, runtime, layout, name, referencesOf(result))
    if (!declared.ok) return declared
    const merged = mergeValues(name, solved.values, declared.value)
    if (!merged.ok) return merged
    relocation[layout] = { ...solved, values: merged.value }
  }
  return success({
    name,
    version,
    ...(published !== undefined && { published }),
    repository,
    group,
    variants: Object.keys(variants),
    relocation,
    undecided: result.undecided,
    questions: result.questions,
    dormant: result.dormant,
    ...egressOf(result),
    notices: result.notices,
  })
}

function referencesOf({ images, runtime }: RelocationResult): Reference[] {
  return [...images, ...runtime].map(({ reference }) => readReference(reference))
}

function readReference(reference: string): Reference {
  return unwrap(parseReference(reference))
}

/** Returns the values of images that were declared with their leaves. */
function declaredValues(
  owner: string,
  images: readonly ListedImage[],
  layout: LayoutName,
  folder: string,
  others: readonly Reference[],
): Result<LeafAssignment[]> {
  const references = images.map(({ reference }) => readReference(reference))
  const byChart = byChartRepositories(folder, [...others, ...references])
  const places = placeImages(references, (reference) =>
    layout === 'mirrored'
      ? mirroredRepository(reference)
      : (byChart.get(repositoryOf(reference)) ?? ''),
  )
  const wanted = images.flatMap(({ reference, leaves }) =>
    leaves.map(({ path, role }) => ({
      path,
      value: patternFor(role, placeIn(places, reference), readReference(reference).digest),
      image: reference,
    })),
  )
  for (const [index, one] of wanted.entries()) {
    const rival = wanted.slice(0, index).find((earlier) => excludes(earlier, one))
    if (rival !== undefined) return failure(rivalry(owner, rival, one))
  }
  const distinct = groupBy(wanted, ({ path }) => formatLeafPath(path))
  return success(
    [...distinct.values()].flatMap(([first]) =>
      first === undefined ? [] : [{ path: first.path, value: first.value }],
    ),
  )
}

function placeIn(places: ReadonlyMap<string, Place>, reference: string): Place {
  const place = places.get(reference)
  if (place === undefined) throw new Error(`"${reference}" is not in its canonical form`)
  return place
}

type Wanted = LeafAssignment & { readonly image: string }

/** True for two different values of one leaf, or a leaf inside another one. */
function excludes(a: LeafAssignment, b: LeafAssignment): boolean {
  if (!overlaps(a.path, b.path)) return false
  return a.path.length !== b.path.length || a.value !== b.value
}

function rivalry(owner: string, a: Wanted, b: Wanted): Problem {
  const say = ({ path, value, image }: Wanted) =>
    `leaf "${formatLeafPath(path)}" would be ${JSON.stringify(value)} for ${image}`
  return {
    kind: 'conflict',
    side: 'input',
    message: `${owner}: ${say(a)}, and ${say(b)}`,
    next: 'assign one of the two images to another leaf',
  }
}

/** Adds declared leaves. A declared leaf may repeat a solved value but must not contradict it. */
function mergeValues(
  owner: string,
  solved: readonly LeafAssignment[],
  declared: readonly LeafAssignment[],
): Result<LeafAssignment[]> {
  const added: LeafAssignment[] = []
  for (const one of declared) {
    const rival = solved.find((other) => overlaps(other.path, one.path))
    if (rival === undefined) added.push(one)
    else if (excludes(rival, one)) {
      const path = formatLeafPath(one.path)
      return failure({
        kind: 'conflict',
        side: 'input',
        message: `${owner}: leaf "${path}" of a runtime image would be ${JSON.stringify(one.value)}, but the rendered images need ${JSON.stringify(rival.value)}`,
        next: `remove the leaf "${path}" of that image from the chart list`,
      })
    }
  }
  return success([...solved, ...added])
}

function mergeImages(
  list: ChartList,
  results: ReadonlyMap<string, RelocationResult>,
  umbrella: UmbrellaResult | undefined,
): ManifestImage[] {
  const merged = new Map<string, Entry>()
  const entryOf = (reference: string) => {
    const canonical = formatReference(readReference(reference))
    const entry = merged.get(canonical) ?? {
      charts: new Set(),
      isDirect: false,
      found: [],
      pulls: [],
    }
    merged.set(canonical, entry)
    return entry
  }
  for (const { name, runtime } of list.charts) {
    for (const { reference, places } of results.get(name)?.images ?? []) {
      const entry = entryOf(reference)
      entry.charts.add(name)
      append(
        entry.found,
        places.map((place) => ({ chart: name, ...place })),
      )
    }
    for (const { reference, ...pull } of results.get(name)?.runtime ?? []) {
      const entry = entryOf(reference)
      entry.charts.add(name)
      entry.pulls.push({ chart: name, ...pull })
    }
    for (const { reference, reason } of runtime) {
      const entry = entryOf(reference)
      entry.charts.add(name)
      entry.reason ??= reason
    }
  }
  for (const { reference, places } of umbrella?.result.images ?? []) {
    const entry = entryOf(reference)
    entry.isDirect = true
    append(
      entry.found,
      places.map((place) => ({ chart: umbrella?.name ?? '', ...place })),
    )
  }
  for (const { reference, ...pull } of umbrella?.result.runtime ?? []) {
    const entry = entryOf(reference)
    entry.isDirect = true
    entry.pulls.push({ chart: umbrella?.name ?? '', ...pull })
  }
  for (const { reference, reason } of list.direct) {
    const entry = entryOf(reference)
    entry.isDirect = true
    entry.reason ??= reason
  }
  return [...merged]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([reference, { charts, isDirect, reason, found, pulls }]) => ({
      reference,
      charts: [...charts].toSorted(compareText),
      ...(isDirect && charts.size > 0 && { direct: true }),
      ...(pulls.length > 0 && { runtime: pulls }),
      ...(reason !== undefined && { reason }),
      found,
    }))
}

interface Entry {
  readonly charts: Set<string>
  isDirect: boolean
  reason?: string
  readonly found: ManifestPlace[]
  readonly pulls: ManifestPull[]
}
