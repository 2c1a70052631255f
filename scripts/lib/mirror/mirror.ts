import { count } from '../cli/text.ts'
import type { OpenTarget } from '../aws/ecr/target.ts'
import type { EcrRegistry } from '../model/image/registry.ts'
import { failure, type Problem, toResultWithAll, success } from '../model/problem.ts'
import { type Inventory, readInventory } from '../aws/ecr/inventory.ts'
import { placesToRead } from './plan/placement.ts'
import { makePlan, type Plan, targetOf } from './plan/plan.ts'
import type { Applied } from './copy/apply.ts'
import { describeStep, type RunTime } from './plan/outcome.ts'
import { makeReport, type Mirrored } from './report/report.ts'
import { expectRepositories, planRepositories } from './target/repositories.ts'
import type { MirrorDoors } from './session/doors.ts'
import type { MirrorRequest, Preflighted } from './session/request.ts'

/** Reads the target and makes the plan. A dry run prints the same plan that a real run applies. */
export async function planMirror(
  request: MirrorRequest,
  doors: MirrorDoors,
): Promise<Preflighted<Plan>> {
  const target = await toResultWithAll(doors.openTarget(request.registry))
  if (!target.ok) return target
  try {
    const planned = await readAndPlan(request, doors, target.value)
    return planned.ok ? success(planned.value.plan) : planned
  } finally {
    target.value.ecr.close()
  }
}

async function readAndPlan(
  { registry, prefix, placed, lock, copying, repositories }: MirrorRequest,
  { notify, signal }: MirrorDoors,
  { ecr, identity }: OpenTarget,
): Promise<Preflighted<{ readonly plan: Plan; readonly inventory: Inventory }>> {
  const { existing, platforms, onArchived } = copying
  notify({ kind: 'phase', text: `reading ${registry.host}` })
  // Asked in parallel; when both fail, the problem with the credentials is reported first.
  const [who, read] = await Promise.all([
    toResultWithAll(identity),
    toResultWithAll(readInventory(ecr, placesToRead(placed, targetOf({ registry, prefix })))),
  ])
  if (!who.ok) return who
  const { arn, account } = who.value
  const isForeign = account !== registry.account
  const across = `cross-account: pushing as ${arn} to account ${registry.account}`
  notify(isForeign ? { kind: 'notice', text: across } : { kind: 'phase', text: `as ${arn}` })
  if (!read.ok) {
    return isForeign ? failure(read.problem.map((one) => acrossAccounts(one, registry))) : read
  }
  const found = read.value.repositories
  const inventory = { ...read.value, repositories: expectRepositories(found, repositories) }
  const settings = { registry, prefix, existing, platforms, lock, onArchived }
  const plan = makePlan(placed, inventory, settings)
  const planned = await toResultWithAll(
    planRepositories(ecr, plan.create, found, repositories, signal),
  )
  const pinned = placed.filter(
    (item) => item.kind === 'image' && item.reference.digest !== undefined,
  )
  if (platforms !== 'auto' && pinned.length > 0) {
    const images = count(pinned.length, 'image is', 'images are')
    notify({
      kind: 'notice',
      text: `${images} pinned by digest and copied with all platforms: copying a subset would change the digest`,
    })
  }
  return planned.ok ? success({ plan: { ...plan, ...planned.value }, inventory }) : planned
}

/** Adds to a denial what the other account has to allow: it decides about its registry. */
function acrossAccounts(problem: Problem, { account }: EcrRegistry): Problem {
  if (problem.kind !== 'access-denied') return problem
  const allowed = `account ${account} must allow it in its repository policies; or use a role of that account`
  return { ...problem, next: problem.next === undefined ? allowed : `${problem.next}; ${allowed}` }
}

/**
 * Mirrors a selection: a preflight that changes nothing and finds all problems at once, then the copies.
 * Returns the problems when the preflight fails, else the report, which includes the failures of single items.
 */
export async function mirror(
  request: MirrorRequest,
  doors: MirrorDoors,
): Promise<Preflighted<Mirrored>> {
  const { clock } = doors
  const beginning = { startedAt: new Date(clock.time()), began: clock.ticks() }
  const opened = await toResultWithAll(doors.openTarget(request.registry))
  if (!opened.ok) return opened
  const target = opened.value
  try {
    const planned = await readAndPlan(request, doors, target)
    if (!planned.ok) return failure([...planned.problem, ...(await doors.tools.findMissing())])
    const { plan } = planned.value
    if (isIdle(plan)) {
      const applied = leaveAsIs(plan, { doors, state: beginning })
      const milliseconds = clock.ticks() - beginning.began
      return success({
        report: makeReport(plan, applied, { ...beginning, milliseconds }),
        learned: new Map(),
      })
    }
    // The code that moves data is loaded only when there is data to move: most pipeline runs find everything present.
    const { carryOut } = await import('./carry-out.ts')
    return await carryOut(planned.value, target, request, doors, beginning)
  } finally {
    target.ecr.close()
  }
}

/** Returns true when a plan changes nothing and has nothing to report about repositories. */
function isIdle({ steps, create, repositories }: Plan): boolean {
  const isQuiet = repositories === undefined || repositories.drift.length === 0
  return (
    isQuiet &&
    create.length === 0 &&
    steps.every(({ action }) => action === 'skip' || action === 'blocked')
  )
}

function leaveAsIs({ steps }: Plan, time: RunTime): Applied {
  const outcomes = steps.map((step) => {
    const describe = describeStep(step, time)
    const { refused: problem } = step
    return problem === undefined ? describe('skipped', {}) : describe('failed', { problem })
  })
  return { created: [], left: [], changed: [], faults: [], outcomes, learned: new Map() }
}
