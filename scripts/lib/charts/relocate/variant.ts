import { failure, type Problem, type Result, success } from '../../model/problem.ts'
import { formatReference } from '../../model/image/reference.ts'
import type { LeafAssignment } from '../../model/chart/relocation.ts'
import { treeFrom, type ValuesTree } from '../../model/values/values.ts'
import { interruptible } from '../../steps/interruptible.ts'
import type { Steps } from '../../steps/steps.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { effectiveValues } from '../chart/values.ts'
import type { RenderedDocument } from '../render/documents.ts'
import { type Occurrence, searchReferences } from '../find/find.ts'
import { isAboutSchema, type Render } from '../render/render.ts'
import { findFollowers } from './followers.ts'
import { assignmentTree } from './solve/assignments.ts'
import { permitFor } from './solve/companions.ts'
import { namedImages } from './solve/dormant.ts'
import { emptyLeaves } from './solve/empty-leaves.ts'
import { joinedText } from './prove/joined.ts'
import { emptySlot, searchSlots, type Slot } from './solve/slots.ts'
import { type Supposed, supposeInSteps } from './solve/supposed.ts'
import { type Taint, taint } from './solve/taint.ts'
import type { Decide, Level, Variant, VariantView } from './view.ts'

/**
 * Renders the baseline of a variant. Fails with helm's message; never turns a failure into an empty result. Throws
 * `ProblemError` when the signal is aborted.
 */
export async function openVariant(
  chart: ChartFiles,
  variant: Variant,
  decide: Decide,
  render: Render,
  signal: AbortSignal,
): Promise<Result<VariantView>> {
  const { settings } = variant
  const request = (values: readonly ValuesTree[], skipSchema: boolean, isFresh = false) =>
    render({ ...settings, values, skipSchema, isFresh })
  const requestToProve = (values: readonly ValuesTree[], skipSchema: boolean) =>
    render({ ...settings, values, skipSchema, isReadByHelm: true })
  let first = await requestToProve([variant.values], false)
  let schemaProblem: Problem | undefined
  const renderBare = () =>
    render({ ...settings, wholeNumbers: [], values: [], skipSchema: false, isFresh: false })
  if (!first.ok && (await isChartAtFault(first.problem, variant, renderBare))) {
    schemaProblem = first.problem
    first = await requestToProve([variant.values], true)
  }
  if (!first.ok) return failure(first.problem)
  const baseline = first.value
  const skipsSchema = schemaProblem !== undefined
  const values = withoutKeys(effectiveValues(chart, variant.values), variant.sealed ?? [])
  const found = await searchReferences(baseline, signal)
  if (found.occurrences.length > maximumReferences) {
    return failure(tooManyReferences(chart, found.occurrences.length))
  }
  const { followers, wanted, undecided } = selectReferences(found.occurrences, decide)
  const slots = await interruptible(searchSlots(values, wanted.map(joinedText)), signal)
  const taints = new Map<Level, Promise<Taint | undefined>>()
  let supposed: Promise<Supposed> | undefined
  const makeTaint = async (level: Level): Promise<Taint | undefined> => {
    if (level === 4 || level === 5) {
      supposed ??= interruptible(supposeInSteps(values, slots, wanted), signal)
      const { spelled, whole } = await supposed
      return level === 4 ? spelled : whole
    }
    const offered = await interruptible(slotsAt(level, slots, chart, values), signal)
    const doors = { render: renderMarked, signal }
    return offered && taint(offered, values, found.occurrences, doors)
  }
  const companions: LeafAssignment[] = []
  const renderMarked = async (over: ValuesTree): Promise<Result<readonly RenderedDocument[]>> => {
    const marked = assignmentTree(companions, (value) => value)
    const rendered = await request([variant.values, over, marked], true)
    const permit = rendered.ok ? undefined : permitFor(rendered.problem.message, companions)
    if (permit === undefined) return rendered
    companions.push(permit)
    return renderMarked(over)
  }
  const renderAgain = async (...over: readonly ValuesTree[]) => {
    const again = await request([variant.values, ...over], skipsSchema, true)
    return again.ok ? again.value : undefined
  }
  let second: ReturnType<typeof renderAgain> | undefined
  return success({
    variant,
    values,
    named: namedImages(values),
    baseline,
    found,
    wanted,
    undecided,
    followers,
    skipsSchema,
    ...(schemaProblem !== undefined && { schemaProblem }),
    taintAt: (level) => {
      const made = taints.get(level) ?? makeTaint(level)
      taints.set(level, made)
      return made
    },
    companions,
    renderTried: renderMarked,
    renderWith: (over) => requestToProve([variant.values, over], skipsSchema),
    renderAgain: (over) => (over === undefined ? (second ??= renderAgain()) : renderAgain(over)),
  })
}

/** Returns which references have to be redirected, which repeat others, and about which the user has to decide. */
export function selectReferences(
  occurrences: readonly Occurrence[],
  decide: Decide,
): Pick<VariantView, 'followers' | 'wanted' | 'undecided'> {
  const decisionOf = (occurrence: Occurrence) =>
    decide(formatReference(occurrence.reference)) ?? decide(joinedText(occurrence))
  const followers = new Set(
    [...findFollowers(occurrences)].filter((one) => decisionOf(one) !== 'mirror'),
  )
  const others = occurrences.filter((one) => !followers.has(one))
  return {
    followers,
    wanted: others.filter((occurrence) => {
      const decision = decisionOf(occurrence)
      return occurrence.class === 'potential' ? decision === 'mirror' : decision !== 'ignore'
    }),
    undecided: others.filter(
      (occurrence) => occurrence.class === 'potential' && decisionOf(occurrence) === undefined,
    ),
  }
}

/** Maximum references in one render. The largest public charts have a few hundred. */
const maximumReferences = 100_000

function tooManyReferences({ metadata: { name } }: ChartFiles, count: number): Problem {
  return {
    kind: 'render-failed',
    side: 'source',
    message: `chart ${name} renders ${count} image references (limit: ${maximumReferences})`,
    next: "set values that reduce the chart's output",
  }
}

function withoutKeys(values: ValuesTree, keys: readonly string[]): ValuesTree {
  return treeFrom(Object.entries(values).filter(([key]) => !keys.includes(key)))
}

/**
 * True when a schema cannot be checked, is itself invalid, or rejects the chart's own values for the same reasons:
 * the chart can be examined without it. Any additional violation by the caller's values is the caller's mistake.
 */
async function isChartAtFault(
  problem: Problem,
  { values, settings: { wholeNumbers = [] } }: Variant,
  renderBare: () => Promise<Result<unknown>>,
): Promise<boolean> {
  const { kind, side, violations = [] } = problem
  if (!isAboutSchema(problem)) return false
  const isBare = Object.keys(values).length === 0 && wholeNumbers.length === 0
  if (kind === 'unsafe-address' || side === 'source' || isBare) return true
  const bare = await renderBare()
  if (bare.ok || !isAboutSchema(bare.problem)) return false
  const own = new Set(bare.problem.violations?.map((violation) => JSON.stringify(violation)))
  return violations.every((violation) => own.has(JSON.stringify(violation)))
}

/** Returns the slots of a level: the plain ones, and those that the level adds. Returns undefined when it adds none. */
function* slotsAt(
  level: Level,
  slots: readonly Slot[],
  chart: ChartFiles,
  values: ValuesTree,
): Steps<Slot[] | undefined> {
  const plain = slots.filter(({ isVague }) => !isVague)
  if (level === 0) return plain.length === 0 ? undefined : plain
  const { local, global } = yield* emptyLeaves(chart, values)
  const added =
    level === 3
      ? slots.filter(({ isVague }) => isVague)
      : (level === 1 ? local : global).map(emptySlot)
  return added.length === 0 ? undefined : [...plain, ...added]
}
