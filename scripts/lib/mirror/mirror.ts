import { count } from '../cli/text.ts'
import type { OpenTarget } from '../aws/ecr/target.ts'
import { failure, toResultWithAll, success } from '../model/problem.ts'
import { type Inventory, readInventory } from '../aws/ecr/inventory.ts'
import { placesToRead } from './plan/placement.ts'
import { makePlan, type Plan, targetOf } from './plan/plan.ts'
import type { Applied } from './copy/apply.ts'
import { describeStep, type RunTime } from './plan/outcome.ts'
import { makeReport, type Mirrored } from './report/report.ts'
import { expectRepositories, planRepositories } from './target/repositories.ts'
import type { MirrorDoors } from './session/doors.ts'
import type { MirrorRequest, Preflighted } from './session/request.ts'

/** Reads the target and plans. The same plan is printed by a dry run and applied by a real one. */
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
  // Asked side by side; whose credentials they are comes first when both have something to say.
  const [who, read] = await Promise.all([
    toResultWithAll(identity),
    toResultWithAll(readInventory(ecr, placesToRead(placed, targetOf({ registry, prefix })))),
  ])
  if (!who.ok) return who
  notify({ kind: 'phase', text: `as ${who.value.arn}` })
  if (!read.ok) return read
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
      text: `${images} pinned by digest and copied whole: a part of it has another digest`,
    })
  }
  return planned.ok ? success({ plan: { ...plan, ...planned.value }, inventory }) : planned
}

/**
 * Mirrors a selection: preflight, which changes nothing and finds everything at once, then the copies.
 * Returns the problems when the preflight fails, else the report, in which failures of single items stand.
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
    // What moves data is loaded only when there is data to move: most runs of a pipeline find everything there.
    const { carryOut } = await import('./carry-out.ts')
    return await carryOut(planned.value, target, request, doors, beginning)
  } finally {
    target.ecr.close()
  }
}

/** True when a plan leaves everything as it is and has nothing to say about repositories. */
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
