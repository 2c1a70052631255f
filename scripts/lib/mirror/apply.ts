import pLimit from 'p-limit'
import { count } from '../cli/text.ts'
import { type Problem, problemOfBug } from '../model/problem.ts'
import { type Preparation, prepareRepositories } from './create.ts'
import { copyArchive, type Copied, copyReference, immutableAdvice } from './copy.ts'
import type { Outcome, Status } from '../model/events.ts'
import type { ExistingPolicy, Plan, Step } from './plan.ts'
import { referenceToCopy, type Resolved, settle, type Sources } from './sources.ts'
import type { Attempt } from './attempt.ts'
import { type Effort, interrupted, persist, type World } from './world.ts'

/** What a plan came to. */
export interface Applied extends Omit<Preparation, 'problems'> {
  /** In the order of the plan's steps. */
  readonly outcomes: readonly Outcome[]
}

/** Applies a plan: repositories first, then every step, each by itself. One failure never stops the others. */
export async function applyPlan(
  plan: Plan,
  world: World,
  sources: Sources,
  concurrency: number,
): Promise<Applied> {
  const { notify } = world
  const began = performance.now()
  if (plan.create.length > 0) {
    const repositories = count(plan.create.length, 'repository', 'repositories')
    notify({ kind: 'phase', text: `creating ${repositories}` })
  }
  const { problems, ...prepared } = await prepareRepositories(world, plan)
  const active = plan.steps.filter(({ action }) => action !== 'skip')
  if (active.length > 0) notify({ kind: 'phase', text: `copying, ${concurrency} at a time` })
  notify({ kind: 'total', steps: active.length })

  const limit = pLimit(concurrency)
  const perform = async (step: Step, describe: Describe): Promise<Outcome> => {
    const problem = problems.get(step.repository)
    if (problem !== undefined) return describe('failed', { problem })
    if (world.signal.aborted) return describe('interrupted', { problem: interrupted })
    const resolved = await resolveStep(step, sources)
    if ('problem' in resolved) return describe(failed(resolved.problem), resolved)
    // The host's gate comes first, so that waiting for a slow host takes no place from the others.
    return world
      .gate(step.host)
      .enter(() => limit(() => performStep(step, resolved.value, plan.existing, world, began)))
  }
  const finish = async (step: Step): Promise<Outcome> => {
    const describe = describeStep(step, began)
    if (step.action === 'skip') return describe('skipped', {})
    const outcome = await containBug(perform(step, describe), describe)
    notify({ kind: 'end', outcome })
    return outcome
  }
  const outcomes = new Map(orderSteps(plan.steps).map((step) => [step, finish(step)]))
  return {
    ...prepared,
    outcomes: await Promise.all(plan.steps.map((step) => outcomes.get(step) ?? finish(step))),
  }
}

/** A fault of ours in one step is that step's failure: the others go on, and the report names it. */
async function containBug(work: Promise<Outcome>, describe: Describe): Promise<Outcome> {
  try {
    return await work
  } catch (error) {
    return describe('failed', { problem: problemOfBug(error) })
  }
}

type Describe = (status: Status, rest: Partial<Outcome>) => Outcome

function describeStep(step: Step, began: number): Describe {
  const startedAt = performance.now() - began
  return (status, rest) => ({
    kind: step.kind,
    name: step.name,
    host: step.host,
    destination: step.destination,
    status,
    reason: step.reason,
    attempts: 0,
    blobs: 0,
    ...(step.stored !== undefined && { digest: step.stored.digest }),
    startedAt: Math.round(startedAt),
    milliseconds: Math.round(performance.now() - began - startedAt),
    ...rest,
  })
}

async function performStep(
  planned: Step,
  resolved: Resolved,
  existing: ExistingPolicy,
  world: World,
  began: number,
): Promise<Outcome> {
  const step = settle(planned, resolved, existing)
  const describe = describeStep(step, began)
  if (world.signal.aborted) return describe('interrupted', { problem: interrupted })
  if (step.action === 'skip') return describe('skipped', {})
  if (step.action === 'differs') return describe('differs', { problem: differs(step) })
  if (step.action === 'overwrite' && step.immutable) {
    return describe('failed', { problem: immutable(step) })
  }

  world.notify({ kind: 'start', name: step.name })
  let blobs = 0
  const onBlob = () => {
    blobs += 1
    world.notify({ kind: 'blob', name: step.name })
  }
  const { attempts, result } = await copyStep(step, resolved, world, onBlob)
  if ('problem' in result) {
    return describe(failed(result.problem), { attempts, blobs, problem: result.problem })
  }
  const status = step.action === 'overwrite' ? 'overwritten' : 'copied'
  return describe(status, { attempts, blobs, digest: result.value.digest })
}

/** A pinned or locked image needs no answer from its source; everything else does. */
async function resolveStep(step: Step, sources: Sources): Promise<Attempt<Resolved>> {
  return step.kind === 'image' && step.digest !== undefined
    ? { value: { digest: step.digest } }
    : sources.resolve(step)
}

function copyStep(
  step: Step,
  resolved: Resolved,
  world: World,
  onBlob: () => void,
): Promise<Effort<Copied>> {
  const reference = referenceToCopy(step)
  return persist(world, step, async (): Promise<Attempt<Copied>> => {
    if (reference !== undefined && resolved.digest !== undefined) {
      return copyReference(world, step, reference, resolved.digest, onBlob)
    }
    if (step.kind === 'chart' && resolved.entry !== undefined) {
      return copyArchive(world, step, resolved.entry)
    }
    throw new Error(`${step.name} was resolved to nothing`)
  })
}

function failed({ kind }: Problem): Status {
  return kind === 'interrupted' ? 'interrupted' : 'failed'
}

function differs(step: Step): Problem {
  return {
    kind: 'differs',
    side: 'target',
    message: `"${step.destination}" holds other content than ${step.name}`,
    next: step.immutable
      ? immutableAdvice
      : 'replace it with --existing overwrite, or keep it and pin this version in charts.yaml',
  }
}

function immutable(step: Step): Problem {
  return {
    kind: 'tag-immutable',
    side: 'target',
    message: `"${step.destination}" holds other content, and its tag is immutable`,
    next: immutableAdvice,
  }
}

/** Hosts in turn, and the largest first within each, so that no host's images come last all together. */
export function orderSteps(steps: readonly Step[]): Step[] {
  const byHost = new Map<string, Step[]>()
  for (const step of steps.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))) {
    byHost.set(step.host, [...(byHost.get(step.host) ?? []), step])
  }
  const queues = [...byHost.values()]
  const longest = Math.max(0, ...queues.map(({ length }) => length))
  return Array.from({ length: longest }, (_, round) =>
    queues.flatMap((queue) => queue.slice(round, round + 1)),
  ).flat()
}
