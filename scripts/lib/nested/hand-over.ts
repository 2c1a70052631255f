import { isDeepStrictEqual } from 'node:util'
import { type Delivery, findDeliveries } from '../charts/find/delivery/delivery.ts'
import { proveInstead } from '../charts/relocate/patched/instead.ts'
import type { ChartRelocation } from '../charts/relocate/relocate.ts'
import { summarize } from '../charts/relocate/result.ts'
import { assignmentTree } from '../charts/relocate/solve/assignments.ts'
import type { MissingValues, NestedChart } from '../model/chart/nested.ts'
import type { LayoutResult, LeafAssignment } from '../model/chart/relocation.ts'
import { groupBy } from '../model/collections.ts'
import { fillPattern } from '../model/image/layout.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { layerValues, nodeAt, type ValuesTree } from '../model/values/values.ts'
import type { Session } from '../session/session.ts'
import { fieldsByName, readDelivered } from './delivered-values.ts'
import { isSameDelivery, type Need } from './pass-on.ts'
import type { NestedRequest, RelocatedChart } from './request.ts'

/** A nested chart, and the values that it still needs. */
export interface HandedOver {
  readonly chart: Omit<NestedChart, 'missing'>
  readonly need: Need
  /** Values that the object sets by name, which count more than its mappings. */
  readonly byName: readonly LeafAssignment[]
}

/**
 * Compares the values that a nested chart needs with those that its object passes on once the outer chart has its own
 * override.
 */
export async function handOver(
  { delivery, source, local, renderer, variant, below }: RelocatedChart,
  outer: ChartRelocation,
  { target, layout }: NestedRequest,
  session: Session,
): Promise<HandedOver> {
  const twin = outer.layouts
    .flatMap(({ proofs }) => proofs)
    .flatMap(({ documents }) => findDeliveries(documents))
    .find((one) => isSameDelivery(one, delivery))
  const now = twin?.install === undefined ? delivery : { ...twin, install: twin.install }
  const read = await readDelivered(now.document.root, now.install, session)
  const passed = read.ok ? read.value.tree : variant.values
  const result = summarize(below.relocation, local.hash)
  const solved = result.layouts[layout]
  if (solved === undefined) throw new Error(`nothing was solved for layout "${layout}"`)
  const fill = (values: readonly LeafAssignment[]) =>
    assignmentTree(values, (pattern) => fillPattern(pattern, target))
  const whole = fill(solved.values)
  const isPassed = ({ path }: LeafAssignment) =>
    isDeepStrictEqual(nodeAt(passed, path), nodeAt(whole, path))
  const isSame = isDeepStrictEqual(passed, variant.values)
  const prove = (values: ValuesTree) =>
    proveInstead(below.relocation, values, {
      target,
      render: renderer.render,
      signal: session.signal,
    })
  const isEnough = !isSame && (await prove(passed)).length === 0
  const left = isEnough ? [] : solved.values.filter((one) => !isPassed(one))
  const faults = isSame || isEnough ? [] : await prove(layerValues(passed, fill(left)))
  const { release, namespace } = variant.settings
  const named = fieldsByName(now.document.root, now.install)
  const isByName = ({ path }: LeafAssignment) => named.has(formatLeafPath(path))
  return {
    chart: { ...source, release, namespace, result, solved: withFaults(solved, faults) },
    need: { delivery: now, values: left.filter((one) => !isByName(one)) },
    byName: left.filter(isByName),
  }
}

/** Adds the faults of a render with the values that are passed on. */
function withFaults(solved: LayoutResult, faults: readonly string[]): LayoutResult {
  if (faults.length === 0) return solved
  return {
    ...solved,
    proofs: solved.proofs.map((proof) => ({
      ...proof,
      result: proof.result === 'failed' ? 'failed' : 'unproven',
      faults: [...proof.faults, ...faults],
    })),
  }
}

/** Groups values by the field of the object that has to contain them. */
export function missingValues(
  { document, install }: Delivery,
  values: readonly LeafAssignment[],
): MissingValues[] {
  if (install === undefined) return []
  const named = fieldsByName(document.root, install)
  const fieldOf = ({ path }: LeafAssignment) =>
    formatLeafPath(named.get(formatLeafPath(path)) ?? install.addTo)
  return [...groupBy(values, fieldOf)].map(([field, own]) => ({ field, values: own }))
}
