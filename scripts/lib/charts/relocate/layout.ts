import { sentenceOf } from '../../model/problem.ts'
import { fillPattern, type LayoutName } from '../../model/image/layout.ts'
import { formatLeafPath, listRoot } from '../../model/values/leaf-path.ts'
import type { LeafAssignment, UnreachedCause } from '../../model/chart/relocation.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import type { Occurrence } from '../find/find.ts'
import { assignmentTree, makeAssignments } from './solve/assignments.ts'
import { chooseValues } from './solve/choose.ts'
import type { Choice, Item, LayoutJob, Progress } from './job.ts'
import { dormantValues } from './solve/dormant.ts'
import { givenBy } from './prove/given.ts'
import type { Comparison } from './prove/prove.ts'
import { compareVariant } from './prove/stable.ts'
import { type Level, levels, type VariantView } from './view.ts'

export interface Stuck {
  readonly variant: string
  readonly occurrence: Occurrence
  readonly cause: UnreachedCause
  /** The expected text, with `<registry>` and `<prefix>`. */
  readonly destination: string
}

/** The result of a render with the override. */
export interface VariantProof {
  readonly variant: string
  readonly comparison: Comparison
  /** Why there is no overridden render. */
  readonly problem?: string
}

export interface LayoutRelocation {
  readonly layout: LayoutName
  readonly assignments: readonly LeafAssignment[]
  readonly stuck: readonly Stuck[]
  readonly proofs: readonly VariantProof[]
}

/**
 * Solves one layout and proves it. Extends the search to further leaves only for references that are not redirected
 * yet, and ends when all are or nothing is left to try.
 */
export async function relocateLayout(job: LayoutJob): Promise<LayoutRelocation> {
  const { items, views, destinationOf } = job
  const progress: Progress = {
    reached: new Map(),
    joined: new Map(),
    desperate: new Set(),
    abandoned: new Set(),
  }
  let withDormant = true
  for (;;) {
    const choice = await chooseValues(job, progress)
    if (abandonNeeders(items, choice, progress)) continue
    if (
      await raise(
        choice.stuck.map(({ item }) => item),
        progress,
      )
    )
      continue
    if (await join(items, choice, progress)) continue
    const made = makeAssignments(views, choice)
    const dormant = withDormant ? dormantValues(views, made, job) : []
    const assignments = [...made.assignments, ...dormant]
    const stuck = new Map(choice.stuck.map(({ item, cause }) => [item.id, { item, cause }]))
    for (const item of losersOf(items, job.leaves, made.lost)) {
      stuck.set(item.id, { item, cause: 'conflict' })
    }
    const over = assignmentTree(assignments, (pattern) => fillPattern(pattern, job.target))
    const proofs: VariantProof[] = []
    for (const view of views) proofs.push(await prove(view, over, job))
    const misplaced = misplacedIn(proofs)
    const unmoved = items.filter(
      ({ id, view, occurrence }) =>
        !stuck.has(id) && misplaced.get(view.variant.name)?.has(occurrence.key),
    )
    const isClean = proofs.every(
      ({ problem, comparison }) =>
        problem === undefined && comparison.changes.length + comparison.appeared.length === 0,
    )
    if (dormant.length > 0 && (unmoved.length > 0 || !isClean)) {
      // Images that are not rendered must not disturb those that are.
      withDormant = false
      continue
    }
    if (await raise(unmoved, progress)) continue
    for (const item of unmoved) stuck.set(item.id, { item, cause: 'unmoved' })
    return {
      layout: job.layout,
      assignments,
      stuck: [...stuck.values()].map(({ item, cause }) => ({
        variant: item.view.variant.name,
        occurrence: item.occurrence,
        cause,
        destination: destinationOf(item.occurrence),
      })),
      proofs,
    }
  }
}

/** Returns the keys of misplaced occurrences, by variant. */
function misplacedIn(proofs: readonly VariantProof[]): Map<string, ReadonlySet<string>> {
  return new Map(
    proofs.map(({ variant, comparison }) => [
      variant,
      new Set(comparison.misplaced.map(({ occurrence }) => occurrence.key)),
    ]),
  )
}

/** Returns the items of a variant that need a different leaf value than an earlier variant. */
function losersOf(
  items: readonly Item[],
  leaves: LayoutJob['leaves'],
  lost: ReadonlySet<string>,
): Item[] {
  if (lost.size === 0) return []
  return items.filter(({ id, view }) =>
    (leaves.get(id) ?? []).some(({ path }) =>
      lost.has(`${view.variant.name} ${formatLeafPath(listRoot(path))}`),
    ),
  )
}

/** Raises items that are not redirected yet to the next level with more leaves, and finally to unnatural values. */
async function raise(
  items: readonly Item[],
  { reached, joined, desperate, abandoned }: Progress,
): Promise<boolean> {
  let isRaised = false
  for (const { id, view } of items) {
    if (abandoned.has(id) || desperate.has(id) || joined.has(id)) continue
    const next = await nextLevel(view, reached.get(id) ?? 0)
    if (next !== undefined) reached.set(id, next)
    else {
      reached.delete(id)
      desperate.add(id)
    }
    isRaised = true
  }
  return isRaised
}

async function nextLevel(view: VariantView, from: Level): Promise<Level | undefined> {
  for (const level of levels.slice(from + 1)) {
    if ((await view.taintAt(level)) !== undefined) return level
  }
  return undefined
}

/**
 * Adds the references that a newly set empty leaf also changes, so that they are solved with that leaf. Returns whether
 * there were any.
 */
async function join(
  items: readonly Item[],
  { used }: Choice,
  { reached, joined }: Progress,
): Promise<boolean> {
  if (used.size === 0) return false
  let isChanged = false
  const offered = new Set(reached.values())
  for (const { id, view, occurrence } of items) {
    const now = reached.get(id) ?? 0
    for (const level of levels.filter((one) => one > now && offered.has(one))) {
      const taint = await view.taintAt(level)
      if (!taint?.slotsOf(occurrence.key).some((key) => used.has(key))) continue
      joined.set(id, joined.get(id) ?? now)
      reached.set(id, level)
      isChanged = true
    }
  }
  return isChanged
}

/**
 * Gives up the references that need a shared leaf when it cannot suit a reference that was added because of it: an
 * image left public is better than one that points to a missing destination.
 */
function abandonNeeders(items: readonly Item[], choice: Choice, progress: Progress): boolean {
  const { reached, joined, abandoned } = progress
  if (joined.size === 0) return false
  const shared = new Set([...joined.keys()].map((id) => reached.get(id)))
  const victims = choice.stuck.filter(
    ({ item, cause }) =>
      joined.has(item.id) || (cause === 'conflict' && shared.has(reached.get(item.id))),
  )
  if (victims.length === 0) return false
  const levelsAtFault = new Set(victims.map(({ item }) => reached.get(item.id) ?? 0))
  const needers = items.filter(
    ({ id }) => levelsAtFault.has(reached.get(id) ?? 0) && !joined.has(id) && !abandoned.has(id),
  )
  if (needers.length === 0) return false
  for (const { id } of needers) {
    abandoned.add(id)
    reached.delete(id)
  }
  for (const [id, level] of joined) reached.set(id, level)
  joined.clear()
  return true
}

async function prove(
  view: VariantView,
  over: ValuesTree,
  { destinationOf, target, signal }: LayoutJob,
): Promise<VariantProof> {
  const variant = view.variant.name
  const wanted = new Set(view.wanted)
  const expect = (occurrence: Occurrence, isForced = false) =>
    isForced || wanted.has(occurrence) ? fillPattern(destinationOf(occurrence), target) : undefined
  const rendered = await view.renderWith(over)
  if (!rendered.ok) {
    const misplaced = view.wanted.map((occurrence) => ({
      occurrence,
      expected: expect(occurrence) ?? '',
    }))
    const comparison = { checked: 0, misplaced, appeared: [], changes: [], derived: [] }
    return { variant, comparison, problem: sentenceOf(rendered.problem) }
  }
  const demands = {
    expect,
    registry: target.registry,
    given: givenBy([over], view.values),
  }
  const overridden = { documents: rendered.value, renderAgain: () => view.renderAgain(over) }
  return { variant, comparison: await compareVariant(view, overridden, demands, signal) }
}
