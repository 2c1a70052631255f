import { locateChart } from '../charts/fetch/locate.ts'
import { rendererOf, type LocalChart } from '../charts/fetch/acquire.ts'
import { packChart, patchChart } from '../charts/patch/repack.ts'
import { writePostRenderer } from '../charts/patch/post-render.ts'
import type { OperatorKnowledge } from '../charts/relocate/operators/expect.ts'
import { type ChartRelocation, relocateChart } from '../charts/relocate/relocate.ts'
import { proveRepacked, splitOverride } from '../charts/relocate/patched/repacked.ts'
import { summarize } from '../charts/relocate/result.ts'
import { alternativesIn } from '../charts/relocate/questions/readings.ts'
import { provePostRenderer } from '../charts/relocate/patched/post-rendered.ts'
import { rewritesBehindValues, rewritesOf } from '../charts/relocate/patched/rewrites.ts'
import type { Decide, Variant } from '../charts/relocate/view.ts'
import type { LayoutResult, RelocationResult } from '../model/chart/relocation.ts'
import { relocateNested, type WithNested } from '../nested/nested.ts'
import { releaseNameOf } from '../model/names/kubernetes.ts'
import { type Result, success } from '../model/problem.ts'
import { formatLeafPath, type LeafPath, overlaps } from '../model/values/leaf-path.ts'
import { layerValues, scalarsOf } from '../model/values/values.ts'
import type { RelocateDoors, RelocateRequest } from './request.ts'
import { decideByRegistries } from './ask-registries.ts'
import { readGivenValues } from '../values/given.ts'
import { buildValues } from '../values/override.ts'

/** A chart's images, and the values that redirect them in the requested layout. */
export interface Relocated {
  readonly name: string
  readonly version: string
  readonly result: RelocationResult
  readonly solved: LayoutResult
  /** Charts that controllers install, and those that were not relocated; absent if they were not requested. */
  readonly nested?: Pick<WithNested, 'nested' | 'skipped'>
  /** The faults of the patched chart, in words; absent when none was requested. */
  readonly repackFaults?: readonly string[]
  /** The faults of the chart with the values and the post-renderer, in words; absent when none was requested. */
  readonly postRendererFaults?: readonly string[]
  /** Leaves of the printed values that the user's own `--set` flags also set: for helm, flags win over files. */
  readonly beaten: readonly LeafPath[]
  /** Number of requested renders. */
  readonly renders: number
  readonly milliseconds: number
}

/**
 * Finds the values that redirect every reference of a chart into the target, proves them, and writes the requested
 * patched chart and post-renderer. References that stay public and differences that are not proven are facts of the
 * result. Fails when the chart is not available, or does not render.
 */
export async function relocate(
  request: RelocateRequest,
  doors: RelocateDoors,
): Promise<Result<Relocated>> {
  const local = await locateChart(request.query, doors)
  if (!local.ok) return local
  const { chart, hash } = local.value
  const variants = await openVariants(request, local.value, doors)
  if (!variants.ok) return variants
  const began = doors.clock.ticks()
  const renderer = rendererOf(local.value, doors)
  const { layout, target } = request
  const relocateWith = (decisions: RelocateRequest['decisions']) =>
    relocateChart({
      chart,
      variants: variants.value,
      layouts: [layout],
      target,
      operators: operatorsOf(request),
      decide: decideWith(decisions),
      render: renderer.render,
      signal: doors.signal,
      onSearch: (state) => doors.notify({ kind: 'searched', state }),
    })
  let relocation = await relocateWith(request.decisions)
  if (!relocation.ok) return relocation
  const groups = request.asksRegistries ? alternativesIn(relocation.value.views) : []
  if (groups.length > 0) {
    const { mirror, ignore } = await decideByRegistries(groups, doors)
    doors.notify({ kind: 'registries-asked', groups: groups.length, mirror, ignore })
    const given = request.decisions
    relocation = await relocateWith({
      mirror: [...given.mirror, ...mirror],
      ignore: [...given.ignore, ...ignore],
    })
    if (!relocation.ok) return relocation
  }
  const extended = request.nested
    ? await extend(request, local.value, relocation.value, doors)
    : undefined
  const result = summarize(extended?.relocation ?? relocation.value, hash)
  const solved = result.layouts[layout]
  if (solved === undefined) throw new Error(`nothing was solved for layout "${layout}"`)
  const work = {
    local: local.value,
    variants: variants.value,
    relocation: relocation.value,
    solved,
  }
  const postRendererFaults = await writeRequestedPostRenderer(request, work, doors)
  const repackFaults = await repackRequested(request, work, doors)
  if (!repackFaults.ok) return repackFaults
  const beaten = await findBeaten(request, solved, doors)
  if (!beaten.ok) return beaten
  return success({
    name: chart.metadata.name,
    version: chart.metadata.version,
    result,
    solved,
    ...(extended !== undefined && { nested: extended }),
    ...(repackFaults.value !== undefined && { repackFaults: repackFaults.value }),
    ...(postRendererFaults !== undefined && { postRendererFaults }),
    beaten: beaten.value,
    renders: renderer.counts().asked + (extended?.renders ?? 0),
    milliseconds: doors.clock.ticks() - began,
  })
}

/** Relocates the charts that controllers install because of this one. */
function extend(
  request: RelocateRequest,
  { chart }: LocalChart,
  relocation: ChartRelocation,
  doors: RelocateDoors,
): Promise<WithNested> {
  const { target, layout, settings, assumes, decisions } = request
  const operators = operatorsOf(request)
  const { kubeVersion, apiVersions, namespace } = settings
  return relocateNested(
    { ...chart.metadata, repository: operators.repository, relocation },
    {
      target,
      layout,
      settings: { kubeVersion, apiVersions, namespace },
      assumes,
      decide: decideWith(decisions),
      operators,
    },
    doors,
  )
}

async function openVariants(
  { variants, settings, assumes }: RelocateRequest,
  { chart }: LocalChart,
  doors: RelocateDoors,
): Promise<Result<Variant[]>> {
  const release = settings.release ?? releaseNameOf(chart.metadata.name)
  const opened: Variant[] = []
  for (const { name, given } of variants) {
    const values = await readGivenValues(given, doors)
    if (!values.ok) return values
    const { tree, wholeNumbers } = values.value
    opened.push({
      name,
      values: tree,
      assumes,
      settings: { ...settings, release, ...(wholeNumbers.length > 0 && { wholeNumbers }) },
    })
  }
  return success(opened)
}

/** Returns the leaves of the solved values that flags set, in any variant. */
async function findBeaten(
  { variants }: RelocateRequest,
  { values }: LayoutResult,
  doors: RelocateDoors,
): Promise<Result<LeafPath[]>> {
  const beaten = new Map<string, LeafPath>()
  for (const { given } of variants) {
    if (given.sets.length === 0 || values.length === 0) continue
    const set = await readGivenValues({ files: [], sets: given.sets }, doors)
    if (!set.ok) return set
    for (const { path } of scalarsOf(set.value.tree)) {
      const isBeaten = values.some((one) => overlaps(one.path, path))
      if (isBeaten) beaten.set(formatLeafPath(path), path)
    }
  }
  return success([...beaten.values()])
}

function operatorsOf({ operators = [], nodeOs = [], query }: RelocateRequest): OperatorKnowledge {
  const { chart, repo } = query
  const repository = repo ?? (chart.startsWith('oci://') ? chart : undefined)
  return {
    catalog: operators,
    systems: nodeOs,
    ...(repository !== undefined && { repository }),
  }
}

/** Returns the user's decisions as a function. */
export function decideWith({ mirror, ignore }: RelocateRequest['decisions']): Decide {
  return (reference) =>
    ignore.includes(reference) ? 'ignore' : mirror.includes(reference) ? 'mirror' : undefined
}

/** A relocation, and what it was made from. */
interface Work {
  readonly local: LocalChart
  readonly variants: readonly Variant[]
  readonly relocation: ChartRelocation
  readonly solved: LayoutResult
}

/** Writes and proves the requested post-renderer. Returns its faults; nothing when none was requested. */
async function writeRequestedPostRenderer(
  { postRenderer, target }: RelocateRequest,
  { local, relocation, solved }: Work,
  doors: RelocateDoors,
): Promise<readonly string[] | undefined> {
  if (postRenderer === undefined) return undefined
  const rewrites = rewritesBehindValues(relocation, target)
  const over = buildValues(solved.values, target)
  const faults = await provePostRenderer(local, relocation, { target, over, rewrites }, doors)
  await writePostRenderer(postRenderer, rewrites)
  const isProven = faults.length === 0
  doors.notify({ kind: 'post-renderer-written', references: rewrites.length, isProven })
  return faults
}

/** Writes and proves the requested patched chart. Returns its faults; nothing when none was requested. */
async function repackRequested(
  { repack, target }: RelocateRequest,
  { local, variants, relocation, solved }: Work,
  doors: RelocateDoors,
): Promise<Result<readonly string[] | undefined>> {
  if (repack === undefined) return success(undefined)
  const over = buildValues(solved.values, target)
  const given = variants.map(({ values }) => values).reduce(layerValues)
  const { own, restatedPaths } = splitOverride(over, given)
  const patched = patchChart(local.chart, own, rewritesOf(relocation, target), local.hash)
  const archive = await packChart(local.chart.metadata, patched, repack, doors)
  const faults = await proveRepacked(archive, relocation, { target, over }, doors)
  if (!faults.ok) return faults
  const isProven = faults.value.length === 0
  doors.notify({ kind: 'repacked', archive, changes: patched.changes, isProven })
  for (const path of restatedPaths) doors.notify({ kind: 'list-left-out', path })
  return faults
}
