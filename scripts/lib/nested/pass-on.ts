import { isDeepStrictEqual } from 'node:util'
import { type Delivery, findDeliveries } from '../charts/find/delivery/delivery.ts'
import type { DeliveredInstall } from '../charts/find/delivery/named.ts'
import type { ChartRelocation } from '../charts/relocate/relocate.ts'
import { assignmentTree } from '../charts/relocate/solve/assignments.ts'
import type { VariantView } from '../charts/relocate/view.ts'
import { documentKey, type RenderedDocument } from '../charts/render/documents.ts'
import type { LeafAssignment } from '../model/chart/relocation.ts'
import { fillPattern, type Target } from '../model/image/layout.ts'
import { overlaps } from '../model/values/leaf-path.ts'
import { emptyTree, layerValues, type ValuesTree } from '../model/values/values.ts'
import { nestedBudget } from './budget.ts'
import { findCandidates, markCandidates, outerLeaf, type Route, readRoutes } from './candidates.ts'
import { readMappings } from './delivered-values.ts'
import { isSameApart } from './same-apart.ts'

/** Values that a nested chart needs, and that its object does not pass on yet. */
export interface Need {
  readonly delivery: Delivery
  readonly values: readonly LeafAssignment[]
}

/** A relocation of which the values also reach nested charts. */
export interface PassedOn {
  readonly relocation: ChartRelocation
  /** Needs that are met. */
  readonly met: ReadonlySet<Need>
}

/**
 * Sets the values that nested charts need in the values of the chart that renders their objects: where a mapping is
 * passed on to a nested chart is found by a mark in it. The chart is rendered with them, and nothing may differ but the
 * values of these objects, which must be exactly what is needed.
 */
export async function passOn(
  relocation: ChartRelocation,
  needs: readonly Need[],
  target: Target,
): Promise<PassedOn> {
  const nothing: PassedOn = { relocation, met: new Set() }
  const [view] = relocation.views
  const [layout] = relocation.layouts
  if (needs.length === 0 || view === undefined || layout === undefined) return nothing
  const routes = await findRoutes(view, needs)
  const planned = needs.flatMap((need) => {
    const values = translate(need, routes.get(need) ?? [])
    return values === undefined ? [] : [{ need, values }]
  })
  const whole = await tryAll(relocation, planned, target)
  if (whole !== undefined) return whole
  let result = nothing
  for (const one of planned) {
    const next = await tryAll(result.relocation, [one], target)
    if (next !== undefined) result = { ...next, met: new Set([...result.met, ...next.met]) }
  }
  return result
}

interface Planned {
  readonly need: Need
  /** Leaves of the outer chart. */
  readonly values: readonly LeafAssignment[]
}

/** Returns the needed values as leaves of the outer chart; undefined if not all of them can be set there. */
function translate({ values }: Need, routes: readonly Route[]): LeafAssignment[] | undefined {
  const outer = values.flatMap(({ path, value }) => {
    const leaf = outerLeaf(routes, path)
    return leaf === undefined ? [] : [{ path: leaf, value }]
  })
  return outer.length === values.length ? outer : undefined
}

async function findRoutes(
  view: VariantView,
  needs: readonly Need[],
): Promise<Map<Need, readonly Route[]>> {
  const delivered = needs.map(({ delivery }) => mappingsOf(delivery))
  let candidates = findCandidates(view.values, delivered)
  for (let renders = 0; renders < nestedBudget.renders && candidates.length > 0; renders += 1) {
    const rendered = await view.renderTried(markCandidates(candidates))
    if (rendered.ok) {
      const found = findDeliveries(rendered.value)
      return new Map(
        needs.map((need) => {
          const twin = found.find((one) => isSameDelivery(one, need.delivery))
          return [need, twin === undefined ? [] : readRoutes(mappingsOf(twin), candidates)]
        }),
      )
    }
    // A key of its own may break a template; the mappings whose names say what they are come last.
    candidates = candidates.slice(Math.ceil(candidates.length / 2))
  }
  return new Map()
}

/** Renders with further values. Returns nothing if anything differs that should not. */
async function tryAll(
  relocation: ChartRelocation,
  planned: readonly Planned[],
  target: Target,
): Promise<PassedOn | undefined> {
  const [layout, ...others] = relocation.layouts
  const added = planned.flatMap(({ values }) => values)
  if (layout === undefined || others.length > 0 || added.length === 0) return undefined
  const rivals = added.some(({ path }) =>
    layout.assignments.some((one) => overlaps(one.path, path)),
  )
  if (rivals) return undefined
  const assignments = [...layout.assignments, ...added]
  const over = assignmentTree(assignments, (pattern) => fillPattern(pattern, target))
  const proofs = []
  for (const proof of layout.proofs) {
    const view = relocation.views.find(({ variant }) => variant.name === proof.variant)
    const rendered = await view?.renderWith(over)
    if (rendered?.ok !== true) return undefined
    if (!isAsNeeded(proof.documents, rendered.value, planned, target)) return undefined
    proofs.push({ ...proof, documents: rendered.value })
  }
  return {
    relocation: { ...relocation, layouts: [{ ...layout, assignments, proofs }] },
    met: new Set(planned.map(({ need }) => need)),
  }
}

function isAsNeeded(
  before: readonly RenderedDocument[],
  after: readonly RenderedDocument[],
  planned: readonly Planned[],
  target: Target,
): boolean {
  const [known, now] = [findDeliveries(before), findDeliveries(after)]
  const free = planned.flatMap(({ need: { delivery } }) =>
    [known, now].flatMap((list) =>
      list
        .filter((one) => isSameDelivery(one, delivery))
        .map((one) => ({ document: one.document, paths: mappingPaths(one.install) })),
    ),
  )
  return (
    isSameApart(before, after, free) &&
    planned.every(({ need: { delivery, values } }) => {
      const old = known.find((one) => isSameDelivery(one, delivery))
      const fresh = now.find((one) => isSameDelivery(one, delivery))
      if (old === undefined || fresh === undefined) return old === fresh
      const needed = assignmentTree(values, (pattern) => fillPattern(pattern, target))
      return isDeepStrictEqual(mappingsOf(fresh), layerValues(mappingsOf(old), needed))
    })
  )
}

function mappingPaths(install: DeliveredInstall | undefined) {
  return (install?.values ?? [])
    .filter(({ form }) => form === 'tree' || form === 'text')
    .map(({ path }) => path)
}

function mappingsOf({ document, install }: Delivery): ValuesTree {
  if (install === undefined) return emptyTree()
  const read = readMappings(document.root, install)
  return read.ok ? read.value : emptyTree()
}

/** True for the same object in two renders of a chart, which names the same chart in the same place. */
export function isSameDelivery(a: Delivery, b: Delivery): boolean {
  return (
    documentKey(a.document) === documentKey(b.document) &&
    a.chart === b.chart &&
    a.version === b.version &&
    isDeepStrictEqual(a.path, b.path)
  )
}
