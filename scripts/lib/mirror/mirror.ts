import { count } from '../cli/text.ts'
import type { Target } from '../model/image/layout.ts'
import { failure, type Problem, type Result, resultWithAll, success } from '../model/problem.ts'
import { type Inventory, readInventory } from './target/inventory.ts'
import { placesToRead } from './plan/placement.ts'
import { makePlan, type Plan } from './plan/plan.ts'
import type { Applied } from './copy/apply.ts'
import { describeStep } from './plan/outcome.ts'
import { makeReport } from './report/report.ts'
import { expectRepositories, planRepositories } from './target/repositories.ts'
import type { Mirrored, MirrorOptions } from './session/request.ts'
import { type OpenTarget, openTarget } from './target/target.ts'

/** What a preflight has found; if it makes the run impossible, all of its problems. Nothing was changed. */
export type Preflighted<T> = Result<T, readonly Problem[]>

/** Reads the target and plans. The same plan is printed by a dry run and applied by a real one. */
export async function planMirror(options: MirrorOptions): Promise<Preflighted<Plan>> {
  const target = await resultWithAll(openTarget(options.registry, options.env, options.signal))
  if (!target.ok) return target
  try {
    const planned = await readAndPlan(options, target.value)
    return planned.ok ? success(planned.value.plan) : planned
  } finally {
    target.value.ecr.close()
  }
}

async function readAndPlan(
  options: MirrorOptions,
  { ecr, identity }: OpenTarget,
): Promise<Preflighted<{ readonly plan: Plan; readonly inventory: Inventory }>> {
  const { registry, prefix, placed, existing, lock, platforms, repositories, onArchived } = options
  const target: Target = { registry: registry.host, prefix }
  options.notify({ kind: 'phase', text: `reading ${registry.host}` })
  // Asked side by side; whose credentials they are comes first when both have something to say.
  const [who, read] = await Promise.all([
    resultWithAll(identity),
    resultWithAll(readInventory(ecr, placesToRead(placed, target))),
  ])
  if (!who.ok) return who
  options.notify({ kind: 'phase', text: `as ${who.value.arn}` })
  if (!read.ok) return read
  const found = read.value.repositories
  const inventory = { ...read.value, repositories: expectRepositories(found, repositories) }
  const plan = makePlan(placed, inventory, { target, existing, platforms, lock, onArchived })
  const planned = await resultWithAll(
    planRepositories(ecr, plan.create, found, repositories, options.signal),
  )
  const pinned = placed.filter(
    (item) => item.kind === 'image' && item.reference.digest !== undefined,
  )
  if (platforms !== 'auto' && pinned.length > 0) {
    const images = count(pinned.length, 'image is', 'images are')
    options.notify({
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
export async function mirror(options: MirrorOptions): Promise<Preflighted<Mirrored>> {
  const run = { startedAt: new Date(), began: performance.now() }
  const opened = await resultWithAll(openTarget(options.registry, options.env, options.signal))
  if (!opened.ok) return opened
  const target = opened.value
  try {
    const planned = await readAndPlan(options, target)
    if (planned.ok && isIdle(planned.value.plan)) {
      const { plan } = planned.value
      const milliseconds = performance.now() - run.began
      const applied = leaveAsIs(plan, run.began)
      return success({
        report: makeReport(plan, applied, { ...run, milliseconds }),
        learned: new Map(),
      })
    }
    // What moves data is loaded only when there is data to move: most runs of a pipeline find everything there.
    const { carryOut, findMissingTools } = await import('./carry-out.ts')
    if (!planned.ok) return failure([...planned.problem, ...(await findMissingTools(options))])
    return await carryOut(planned.value, target, options, run)
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

function leaveAsIs({ steps }: Plan, began: number): Applied {
  const outcomes = steps.map((step) => {
    const describe = describeStep(step, began)
    const { refused: problem } = step
    return problem === undefined ? describe('skipped', {}) : describe('failed', { problem })
  })
  return { created: [], left: [], changed: [], faults: [], outcomes, learned: new Map() }
}
