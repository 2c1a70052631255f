import { sentenceOf } from '../../model/problem.ts'
import { fillPattern, type LayoutName } from '../../model/image/layout.ts'
import { formatLeafPath, listRoot, overlaps } from '../../model/values/leaf-path.ts'
import type { LeafAssignment, UnreachedCause } from '../../model/chart/relocation.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import { append } from '../../model/collections.ts'
import type { OpenQuestion } from '../../model/chart/question.ts'
import { interruptible } from '../../steps/interruptible.ts'
import type { RenderedDocument } from '../render/documents.ts'
import type { Occurrence } from '../find/find.ts'
import { assignmentTree, makeAssignments } from './solve/assignments.ts'
import { chooseValues } from './solve/choose.ts'
import type { ChosenValues, Item, LayoutJob, Search } from './job.ts'
import { unfollowed } from './followers.ts'
import { assignPulled, type PulledValues } from './operators/assign.ts'
import { questionsOfPulled, toldBy } from './operators/told.ts'
import { dormantValues } from './solve/dormant.ts'
import { givenBy } from './prove/given.ts'
import type { Comparison } from './prove/prove.ts'
import { compareVariant } from './prove/stable.ts'
import { separateDelivered } from './questions/delivered.ts'
import { findPublicHosts } from './questions/public-hosts.ts'
import { unexplainedUses } from './questions/unexplained-use.ts'
import { firstSearch, type Seen, step, type SearchStep, type Trial } from './search.ts'
import { type RestoredLeaf, separateRestored } from './target-values.ts'
import type { Taint } from './solve/taint.ts'
import type { Level, VariantView } from './view.ts'

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
  /** The overridden render; empty when there is none. */
  readonly documents: readonly RenderedDocument[]
}

export interface LayoutRelocation {
  readonly layout: LayoutName
  readonly assignments: readonly LeafAssignment[]
  readonly stuck: readonly Stuck[]
  /** References that are passed on to what a controller installs, and that no value moves. */
  readonly delivered: readonly Stuck[]
  readonly proofs: readonly VariantProof[]
  /** The override that the proofs rendered. */
  readonly over: ValuesTree
  readonly questions: readonly OpenQuestion[]
  /** The assignments that move images which operators pull. */
  readonly told: readonly LeafAssignment[]
}

/**
 * Solves one layout and proves it. The search continues to further leaves only for items that are not reached yet,
 * and ends when all are reached or nothing is left to try. This function only renders; `step` makes the decisions.
 */
export async function relocateLayout(job: LayoutJob): Promise<LayoutRelocation> {
  const taints = new Map<VariantView, Map<Level, Taint | undefined>>()
  let search = firstSearch
  let disturbed: Attempt | undefined
  for (;;) {
    const choice = await chooseValues(job, search)
    const seen: Seen = {
      items: job.items,
      choice,
      taintAt: (view, level) => {
        const known = taints.get(view)
        return known?.has(level) ? known.get(level) : 'unknown'
      },
    }
    const untried = await decide(search, seen, taints)
    const attempt = untried.kind === 'try' ? await attemptValues(job, search, choice) : undefined
    const next =
      attempt === undefined ? untried : await decide(search, { ...seen, trial: attempt }, taints)
    const reason = next.kind === 'search' ? next.reason : 'settled'
    job.onSearch?.({ layout: job.layout, search, items: job.items.length, next: reason })
    if (next.kind === 'search') {
      if (next.reason === 'disturbing') disturbed = attempt
      search = next.search
    } else if (attempt !== undefined) {
      return conclude(job, await keepOwn(job, attempt), disturbed)
    }
  }
}

/** Takes a step, and provides the levels that it requests. */
async function decide(
  search: Search,
  seen: Seen,
  taints: Map<VariantView, Map<Level, Taint | undefined>>,
): Promise<SearchStep> {
  for (;;) {
    const next = step(search, seen)
    if (next.kind !== 'ask') return next
    const { view, level } = next
    const known = taints.get(view) ?? new Map<Level, Taint | undefined>()
    taints.set(view, known.set(level, await view.taintAt(level)))
  }
}

/** Values that were tried, and what came of them. */
interface Attempt extends Trial {
  readonly assignments: readonly LeafAssignment[]
  readonly stuck: ReadonlyMap<string, { readonly item: Item; readonly cause: UnreachedCause }>
  readonly proofs: readonly VariantProof[]
  readonly over: ValuesTree
  /** The values for images that nothing renders. */
  readonly dormant: readonly LeafAssignment[]
  readonly pulled: PulledValues
}

async function attemptValues(
  job: LayoutJob,
  { withDormant }: Search,
  choice: ChosenValues,
): Promise<Attempt> {
  const { items, views } = job
  const made = makeAssignments(views, choice)
  const dormant = withDormant ? dormantValues(views, made, job) : []
  const stuck = new Map(choice.stuck.map(({ item, cause }) => [item.id, { item, cause }]))
  for (const item of losersOf(items, job.leaves, made.lost)) {
    stuck.set(item.id, { item, cause: 'conflict' })
  }
  const solved = [...made.assignments, ...dormant]
  const told = assignPulled(
    job.pulled,
    separateRestored(solved, restoredIn(views)).others,
    job.placeName,
  )
  let attempt = await proveWith(job, solved, told)
  if (told.assignments.length > 0 && faultsIn(attempt) > 0) {
    // A chart may not know the leaves of the catalog, or render something else with them.
    const untold = await proveWith(job, solved, { ...told, assignments: [], unproven: true })
    if (faultsIn(untold) < faultsIn(attempt)) attempt = untold
  }
  const misplaced = misplacedIn(attempt.proofs)
  return {
    ...attempt,
    stuck,
    dormant,
    hasDormant: dormant.length > 0,
    unmoved: items.filter(
      ({ id, view, occurrence }) =>
        !stuck.has(id) && misplaced.get(view.variant.name)?.has(occurrence.key),
    ),
  }
}

function faultsIn({ proofs }: Pick<Attempt, 'proofs'>): number {
  return proofs.reduce(
    (sum, { problem, comparison: { changes, appeared, misplaced } }) =>
      sum + changes.length + appeared.length + misplaced.length + (problem === undefined ? 0 : 1),
    0,
  )
}

/** Proves the values of rendered images together with those for images that operators pull. */
async function proveWith(
  job: LayoutJob,
  solved: readonly LeafAssignment[],
  pulled: PulledValues,
): Promise<Pick<Attempt, 'assignments' | 'pulled' | 'proofs' | 'over' | 'isClean'>> {
  const assignments = [
    ...solved.filter(({ path }) => !pulled.assignments.some((one) => overlaps(one.path, path))),
    ...pulled.assignments,
  ]
  const over = assignmentTree(assignments, (pattern) => fillPattern(pattern, job.target))
  const told = toldBy(pulled.assignments, job.target)
  const proofs: VariantProof[] = []
  for (const view of job.views) proofs.push(await prove(view, over, told, job))
  const isClean = proofs.every(
    ({ problem, comparison }) =>
      problem === undefined && comparison.changes.length + comparison.appeared.length === 0,
  )
  return { assignments, pulled, proofs, over, isClean }
}

/**
 * Leaves alone what the caller has already pointed to the target, where the proof is no worse for it: what nothing
 * renders now would otherwise become public again.
 */
async function keepOwn(job: LayoutJob, attempt: Attempt): Promise<Attempt> {
  const { others, own } = separateRestored(attempt.assignments, restoredIn(job.views))
  const isEverywhere = own.every(({ path }) =>
    job.views.every(({ variant }) => variant.restored?.some((one) => overlaps(one.path, path))),
  )
  if (own.length === 0 || !isEverywhere) return attempt
  const kept = await proveWith(job, [...others, ...own], attempt.pulled)
  return faultsIn(kept) > faultsIn(attempt) ? attempt : { ...attempt, ...kept, assignments: others }
}

function restoredIn(views: readonly VariantView[]): RestoredLeaf[] {
  return views.flatMap(({ variant }) => variant.restored ?? [])
}

async function conclude(
  job: LayoutJob,
  { assignments, stuck, unmoved, proofs, over, isClean, pulled }: Attempt,
  disturbed: Attempt | undefined,
): Promise<LayoutRelocation> {
  const { layout, views, destinationOf, target, signal } = job
  const questions =
    disturbed === undefined || !isClean
      ? []
      : disturbed.proofs.flatMap((proof) => unexplainedUses(proof, disturbed.dormant, target))
  for (const { variant, documents, comparison } of proofs) {
    const isSettled = (host: string) => host === target.registry
    const hosts = findPublicHosts(variant, documents, comparison.after, isSettled)
    append(questions, await interruptible(hosts, signal))
  }
  for (const { variant, followers } of views) {
    const proof = proofs.find((one) => one.variant === variant.name)
    append(
      questions,
      unfollowed({ variant: variant.name, followers }, proof?.comparison.after ?? []),
    )
  }
  append(questions, questionsOfPulled(job.pulled, pulled, proofs, target))
  const all = [...stuck.values(), ...unmoved.map((item) => ({ item, cause: 'unmoved' as const }))]
  const left = all.map(({ item, cause }) => ({
    variant: item.view.variant.name,
    occurrence: item.occurrence,
    cause,
    destination: destinationOf(item.occurrence),
  }))
  const separated = separateDelivered({ stuck: left, proofs })
  return {
    layout,
    assignments,
    over,
    ...separated,
    questions: [...questions, ...separated.questions],
    told: pulled.assignments,
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

async function prove(
  view: VariantView,
  over: ValuesTree,
  told: ReadonlySet<string>,
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
    const nothing = { checked: 0, appeared: [], changes: [], derived: [], after: [] }
    const comparison = { ...nothing, misplaced }
    return { variant, comparison, problem: sentenceOf(rendered.problem), documents: [] }
  }
  const demands = {
    expect,
    registry: target.registry,
    given: givenBy([over], view.values),
    followers: view.followers,
    told,
  }
  const overridden = { documents: rendered.value, renderAgain: () => view.renderAgain(over) }
  const comparison = await compareVariant(view, overridden, demands, signal)
  return { variant, comparison, documents: rendered.value }
}
