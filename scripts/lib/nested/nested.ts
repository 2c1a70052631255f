import { rendererOf } from '../charts/fetch/acquire.ts'
import { type Delivery, findDeliveries } from '../charts/find/delivery/delivery.ts'
import type { DeliveredInstall } from '../charts/find/delivery/named.ts'
import { describeSite } from '../charts/relocate/questions/site.ts'
import { type ChartRelocation, relocateChart } from '../charts/relocate/relocate.ts'
import type { Variant } from '../charts/relocate/view.ts'
import { documentKey } from '../charts/render/documents.ts'
import type { Renderer } from '../charts/render/renderer.ts'
import type { NestedObstacle, NestedSource, SkippedChart } from '../model/chart/nested.ts'
import { showAddress } from '../model/internet/url.ts'
import { namespaceKind, releaseKind, releaseNameOf } from '../model/names/kubernetes.ts'
import { isOfKind } from '../model/names/text-kind.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { trimEndOf } from '../model/text/trim.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import type { Session } from '../session/session.ts'
import type { ReadValues } from '../values/given.ts'
import { nestedBudget } from './budget.ts'
import { readDelivered } from './delivered-values.ts'
import { failureOf, fetchNested, sessionNamedBy } from './fetch.ts'
import { type HandedOver, handOver, missingValues } from './hand-over.ts'
import { passOn } from './pass-on.ts'
import type { InstalledDelivery, NestedRequest, RelocatedChart, WithNested } from './request.ts'
import { settleQuestions } from './settle.ts'

export type { NestedRequest, WithNested } from './request.ts'

/** A relocated chart that may render objects which name further charts. */
export interface OuterChart {
  readonly name: string
  readonly version: string
  /** Missing for a chart in a folder. */
  readonly repository: string | undefined
  readonly relocation: ChartRelocation
}

interface Level {
  readonly depth: number
  /** The charts on the way here. */
  readonly path: readonly string[]
  readonly count: {
    charts: number
    readonly renderers: Renderer[]
    readonly unreachable: Map<string, NestedObstacle>
  }
}

/**
 * Relocates the charts that controllers install because of a chart's objects, each with the values, the release name and
 * the namespace that its object gives, and then the charts within these. Bounded in depth and number. A chart that
 * cannot be relocated is skipped with the reason, and stays an open question.
 */
export async function relocateNested(
  outer: OuterChart,
  request: NestedRequest,
  session: Session,
): Promise<WithNested> {
  const count: Level['count'] = { charts: 0, renderers: [], unreachable: new Map() }
  const path =
    outer.repository === undefined
      ? []
      : [identify({ ...outer, chart: outer.name, repository: outer.repository })]
  const done = await relocateLevel(outer, request, session, { depth: 1, path, count })
  const renders = count.renderers.reduce((sum, { counts }) => sum + counts().asked, 0)
  return { ...done, renders }
}

async function relocateLevel(
  outer: OuterChart,
  request: NestedRequest,
  session: Session,
  level: Level,
): Promise<Omit<WithNested, 'renders'>> {
  const { relocation } = outer
  const named = sessionNamedBy(session, outer.repository)
  const skipped: SkippedChart[] = []
  const left: Delivery[] = []
  const relocated: RelocatedChart[] = []
  for (const delivery of deliveriesOf(relocation)) {
    if (request.decide(delivery.chart) !== undefined) continue
    const source = sourceOf(delivery, outer.name, level.depth)
    const one = await relocateOne(delivery, source, request, named, level)
    if (one.ok) relocated.push(one.value)
    else {
      skipped.push({ ...source, obstacle: one.problem })
      left.push(delivery)
    }
  }
  const handed: HandedOver[] = []
  for (const one of relocated) handed.push(await handOver(one, relocation, request, session))
  const needs = handed.map(({ need }) => need).filter(({ values }) => values.length > 0)
  const passed = await passOn(relocation, needs, request.target)
  const own = handed.map(({ chart, need, byName }) => {
    const unmet = passed.met.has(need) ? [] : need.values
    return { ...chart, missing: missingValues(need.delivery, [...unmet, ...byName]) }
  })
  const settled = own.map(({ missing }, index) => ({ missing, ...relocated[index] }))
  return {
    relocation: settleQuestions(
      passed.relocation,
      settled.flatMap(({ delivery, missing }) => (delivery ? [{ delivery, missing }] : [])),
      left,
    ),
    nested: own.flatMap((chart, index) => [chart, ...(relocated[index]?.below.nested ?? [])]),
    skipped: [...skipped, ...relocated.flatMap(({ below }) => below.skipped)],
  }
}

/** Returns each object that names a chart once, from the first variant that renders it. */
function deliveriesOf({ views }: ChartRelocation): InstalledDelivery[] {
  const found = new Map<string, InstalledDelivery>()
  for (const { baseline } of views) {
    for (const { install, ...delivery } of findDeliveries(baseline)) {
      const key = JSON.stringify([documentKey(delivery.document), delivery.path])
      if (install !== undefined && !found.has(key)) found.set(key, { ...delivery, install })
    }
  }
  return [...found.values()]
}

function sourceOf(delivery: Delivery, parent: string, depth: number): NestedSource {
  const { chart, version, repository } = delivery
  const site = describeSite(delivery)
  return { chart, version, repository: showAddress(repository), parent, depth, ...site }
}

async function relocateOne(
  delivery: InstalledDelivery,
  source: NestedSource,
  request: NestedRequest,
  session: Session,
  { depth, path, count }: Level,
): Promise<Result<RelocatedChart, NestedObstacle>> {
  const { document, install, repository } = delivery
  const identity = identify(delivery)
  if (install.elsewhere.length > 0) {
    return failure({ kind: 'values', fields: install.elsewhere.map(formatLeafPath) })
  }
  if (path.includes(identity)) return failure({ kind: 'cycle' })
  if (depth > nestedBudget.depth) return failure({ kind: 'depth', limit: nestedBudget.depth })
  if (count.charts >= nestedBudget.charts) {
    return failure({ kind: 'number', limit: nestedBudget.charts })
  }
  count.charts += 1
  const local = await fetchNested(delivery, session, count.unreachable)
  if (!local.ok) return local
  const values = await readDelivered(document.root, install, session)
  if (!values.ok) return failure(failureOf(values.problem))
  const { chart } = local.value
  const variant = variantOf(install, chart.metadata.name, values.value, request)
  const renderer = rendererOf(local.value, session)
  count.renderers.push(renderer)
  const { target, layout, decide, operators } = request
  const relocation = await relocateChart({
    chart,
    variants: [variant],
    layouts: [layout],
    target,
    operators: { ...operators, repository },
    decide,
    render: renderer.render,
    signal: session.signal,
  })
  if (!relocation.ok) return failure(failureOf(relocation.problem))
  const { name, version } = chart.metadata
  const outer = { name, version, repository, relocation: relocation.value }
  const level = { depth: depth + 1, path: [...path, identity], count }
  const below = await relocateLevel(outer, request, session, level)
  return success({ delivery, source, local: local.value, renderer, variant, below })
}

/** Returns how the object's controller installs the chart. Names that helm rejects are the chart's own. */
function variantOf(
  { release, namespace }: DeliveredInstall,
  chart: string,
  { tree, wholeNumbers }: ReadValues,
  { settings, assumes }: NestedRequest,
): Variant {
  const isName = release !== undefined && isOfKind(releaseKind, release)
  const isNamespace = namespace !== undefined && isOfKind(namespaceKind, namespace)
  return {
    name: 'default',
    values: tree,
    assumes,
    settings: {
      ...settings,
      release: isName ? release : releaseNameOf(chart),
      ...(isNamespace && { namespace }),
      ...(wholeNumbers.length > 0 && { wholeNumbers }),
    },
  }
}

/** Identifies a chart on the way to the charts within it. */
function identify({
  chart,
  version,
  repository,
}: Pick<Delivery, 'chart' | 'version' | 'repository'>): string {
  const bare = trimEndOf(repository, '/')
  const name = repository.startsWith('oci://') ? bare.slice(bare.lastIndexOf('/') + 1) : chart
  return JSON.stringify([bare, name, version])
}
