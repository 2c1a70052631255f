import { append, compareText, groupBy } from '../collections.ts'
import { formatLeafPath } from '../values/leaf-path.ts'
import { type Manifest, type ManifestChart, publishedVersion } from './manifest.ts'
import { parseReference, repositoryOf } from '../image/reference.ts'
import { type LeafAssignment, variantName } from '../chart/relocation.ts'

/** One line of a review: an addition, removal or change. */
export interface ManifestChange {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly subject:
    'chart' | 'image' | 'value' | 'unreachable' | 'undecided' | 'egress' | 'repository'
  /** The chart that it belongs to; absent for changes outside charts. */
  readonly chart?: string
  readonly text: string
}

/** Returns the differences between two manifests for a reviewer, chart by chart. */
export function diffManifests(before: Manifest, after: Manifest): ManifestChange[] {
  const names = [...new Set([...before.charts, ...after.charts].map(({ name }) => name))]
  return [
    ...names
      .toSorted(compareText)
      .flatMap((name) => diffChart(name, viewOf(before, name), viewOf(after, name))),
    ...diffDirect(before, after),
  ]
}

interface ChartView {
  readonly chart: ManifestChart | undefined
  readonly images: ReadonlyMap<string, string>
}

function viewOf(manifest: Manifest, name: string): ChartView {
  const chart = manifest.charts.find((one) => one.name === name)
  const images = manifest.images.filter(({ charts }) => charts.includes(name))
  return {
    chart,
    images: new Map(
      images.map(({ reference, found, reason, runtime = [] }) => {
        const own = found.filter((place) => place.chart === name)
        const variants = [...new Set(own.flatMap((place) => place.variants.map(variantName)))]
        const isAll = variants.length === (chart?.variants.length ?? 0)
        const pull = runtime.find(({ chart: user }) => user === name)
        const why = reason ?? pull?.when ?? ''
        return [reference, own.length === 0 ? why : isAll ? '' : variants.join(', ')]
      }),
    ),
  }
}

function diffChart(name: string, before: ChartView, after: ChartView): ManifestChange[] {
  const source = ({ chart }: ChartView) =>
    chart === undefined ? undefined : `${publishedVersion(chart)} from ${chart.repository}`
  const changes: ManifestChange[] = []
  const add = (kind: ManifestChange['kind'], subject: ManifestChange['subject'], text: string) =>
    changes.push({ kind, subject, chart: name, text })
  const [old, now] = [source(before), source(after)]
  if (old === undefined && now !== undefined) add('added', 'chart', `${name} ${now}`)
  else if (now === undefined) add('removed', 'chart', `${name} ${old ?? ''}`)
  else if (old !== now) add('changed', 'chart', `${name} ${old} → ${now}`)
  append(changes, diffImages(name, before.images, after.images))
  for (const [path, change] of diffLines(valuesOf(before), valuesOf(after))) {
    if (change.old === undefined) add('added', 'value', `${path} = ${change.now}`)
    else if (change.now === undefined) add('removed', 'value', `${path} (was ${change.old})`)
    else add('changed', 'value', `${path}: ${change.old} → ${change.now}`)
  }
  for (const [subject, linesOf] of [
    ['unreachable', unreachableOf],
    ['undecided', undecidedOf],
    ['egress', egressOf],
  ] as const) {
    for (const [text, change] of diffLines(linesOf(before), linesOf(after))) {
      const words = [text, change.now ?? change.old].filter(Boolean).join(': ')
      add(
        change.old === undefined ? 'added' : change.now === undefined ? 'removed' : 'changed',
        subject,
        words,
      )
    }
  }
  return changes
}

/** Compares images. An image of the same repository with another tag was retagged, not removed and added. */
function diffImages(
  chart: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ManifestChange[] {
  const gone = groupBy(
    [...before.keys()].filter((reference) => !after.has(reference)),
    repositoryName,
  )
  const changes: ManifestChange[] = []
  for (const [reference, note] of after) {
    const suffix = note === '' ? '' : ` (${note})`
    const twin = before.has(reference) ? undefined : gone.get(repositoryName(reference))?.shift()
    if (twin !== undefined) {
      const tag = reference.slice(repositoryName(reference).length + 1)
      changes.push({ kind: 'changed', subject: 'image', chart, text: `${twin} → ${tag}${suffix}` })
    } else if (!before.has(reference)) {
      changes.push({ kind: 'added', subject: 'image', chart, text: `${reference}${suffix}` })
    }
  }
  for (const reference of [...gone.values()].flat()) {
    changes.push({ kind: 'removed', subject: 'image', chart, text: reference })
  }
  return changes
}

function repositoryName(reference: string): string {
  const parsed = parseReference(reference)
  return parsed.ok ? repositoryOf(parsed.value) : reference
}

function valuesOf({ chart }: ChartView): Map<string, string> {
  return valueLines(chart?.relocation.mirrored?.values ?? [])
}

function valueLines(values: readonly LeafAssignment[]): Map<string, string> {
  return new Map(
    values.map(({ path, value }) => [
      formatLeafPath(path),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

function unreachableOf({ chart }: ChartView): Map<string, string> {
  const unreached = chart?.relocation.mirrored?.unreached ?? []
  return new Map(
    unreached.map(({ reference, document, path, variant, cause }) => [
      `${reference} at ${document} ${path}`,
      `${cause} in variant "${variant}"`,
    ]),
  )
}

function undecidedOf({ chart }: ChartView): Map<string, string> {
  return new Map(
    (chart?.undecided ?? []).map(({ reference, places: [place] }) => [
      reference,
      place === undefined ? '' : `${place.document} ${place.path}`,
    ]),
  )
}

function egressOf({ chart }: ChartView): Map<string, string> {
  return new Map(
    (chart?.egress ?? []).map(({ host, use, places: [place] }) => [
      `${host} (${use})`,
      place === undefined ? '' : `${place.document} ${place.path}`,
    ]),
  )
}

interface LineChange {
  readonly old: string | undefined
  readonly now: string | undefined
}

function diffLines(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): [string, LineChange][] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap(
    (key): [string, LineChange][] => {
      const change = { old: before.get(key), now: after.get(key) }
      return change.old === change.now ? [] : [[key, change]]
    },
  )
}

function directImages({ images }: Manifest): Map<string, string> {
  return new Map(
    images
      .filter((image) => image.direct ?? image.charts.length === 0)
      .map(({ reference, reason }) => [reference, reason ?? 'used directly']),
  )
}

/** Compares images and values outside charts, and repository settings. */
function diffDirect(before: Manifest, after: Manifest): ManifestChange[] {
  const values = [before, after].map(({ relocation }) => valueLines(relocation.mirrored ?? []))
  return [
    ...outsideChanges('image', directImages(before), directImages(after)),
    ...outsideChanges('value', values[0] ?? new Map(), values[1] ?? new Map()),
    ...outsideChanges('repository', settingsOf(before), settingsOf(after)),
  ]
}

function settingsOf({ repositories = {} }: Manifest): Map<string, string> {
  return new Map(
    Object.entries(repositories).map(([setting, value]: [string, unknown]) => [
      setting,
      JSON.stringify(value),
    ]),
  )
}

function outsideChanges(
  subject: 'image' | 'value' | 'repository',
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ManifestChange[] {
  return diffLines(before, after).map(([key, change]) => ({
    kind: kindOf(change),
    subject,
    text: `${key} (${change.now ?? change.old ?? ''})`,
  }))
}

function kindOf({ old, now }: LineChange): ManifestChange['kind'] {
  return old === undefined ? 'added' : now === undefined ? 'removed' : 'changed'
}
