import { availableParallelism } from 'node:os'
import { count } from '../../cli/text.ts'
import type { Content } from '../../model/image/content.ts'
import type { Outcome } from '../../model/events.ts'
import { type Problem, problemOfBug } from '../../model/problem.ts'
import { afterAttempt, type Next } from '../../tools/pacing/repeat.ts'
import type { Copied } from './copied.ts'
import { type Preparation, prepareRepositories } from './create.ts'
import { jobHost, type CopyJob, judgeTry, makeJobs } from './job.ts'
import type { Mounter } from '../layers/mount.ts'
import { describeStep, failed } from '../plan/outcome.ts'
import { adjustPace, type Pace, startPace } from './pace.ts'
import type { Plan, MirrorStep } from '../plan/plan.ts'
import { createQueue, type Queue } from './queue.ts'
import { openReadiness } from './readiness.ts'
import type { Sources } from '../sources/sources.ts'
import { progressOf, type Tried, tryJob, type Work } from './try.ts'
import { openRestorer, restoreSteps } from '../target/restore.ts'
import { learnCopied, weighCopied, weighFailed } from '../traffic/settle-traffic.ts'
import type { Traffic } from '../traffic/weigh.ts'
import type { OpenRun, RunDoors } from '../session/doors.ts'
import { followRetry } from '../session/persist.ts'
import { interrupted } from '../session/request.ts'

/** The result of a plan. */
export interface Applied extends Omit<Preparation, 'problems'> {
  /** In the order of the plan's steps. */
  readonly outcomes: readonly Outcome[]
  /** The contents of copied images by digest, according to the target's own manifests. */
  readonly learned: ReadonlyMap<string, Content>
}

/** ECR's quota for PutImage, by account and region (its service quotas page). */
const usualPutRate = 10
/** Burst allowance in milliseconds of that rate: an idle token bucket is full. */
const burst = 1_000
/** Charts copied at a time: helm spends its time starting up, and images should not wait for that. */
const chartsAtOnce = 2

/** Applies a plan: repositories first, then every step independently. One failure never stops the others. */
export async function applyPlan(
  plan: Plan,
  run: OpenRun,
  sources: Sources,
  mounter: Mounter,
): Promise<Applied> {
  const { doors, state } = run
  const { notify, clock } = doors
  const { concurrency, putRate, deadline, mirrors } = run.request.copying
  const outcomes = new Map<MirrorStep, Outcome>()
  const learned = new Map<string, Content>()
  const active = plan.steps.filter(({ action }) => action !== 'skip')
  for (const step of plan.steps) {
    if (step.action === 'skip') outcomes.set(step, describeStep(step, run)('skipped', {}))
  }
  const archived = active.filter(({ action }) => action === 'restore')
  const pushed = active.filter((step) => step.action !== 'restore' && step.refused === undefined)
  // No repository is created for an item that will not be copied.
  const needed = new Set(pushed.map(({ repository }) => repository))
  const missing = plan.create.filter((name) => needed.has(name))
  if (missing.length > 0) {
    const repositories = count(missing.length, 'repository', 'repositories')
    notify({ kind: 'phase', text: `creating ${repositories}` })
  }
  if (pushed.length > 0) notify({ kind: 'phase', text: `copying ${count(pushed.length, 'item')}` })
  notify({ kind: 'total', steps: active.length })
  const finish = (step: MirrorStep, outcome: Outcome) => {
    outcomes.set(step, outcome)
    notify({ kind: 'end', outcome })
  }
  for (const step of active) {
    const { refused } = step
    if (refused === undefined) continue
    finish(step, describeStep(step, run)(failed(refused), { problem: refused }))
  }
  const restore = openRestorer({ ...doors, deadline })
  const restoring = restoreSteps(archived, restore, { notify, time: run, finish })
  // Awaited below; until then a failure is nobody's unhandled rejection.
  restoring.catch(() => undefined)
  const { holders } = mounter
  const isThere = mounter.isOn() ? holders.has : undefined
  const jobs = makeJobs(pushed, { contents: state.contents, mirrors }, sources.known, isThere)
  const readiness = openReadiness(missing)
  const create = inOrderOf(jobs, missing)
  const preparing = prepareRepositories(doors, { ...plan, create }, readiness.settle)
  // Ends all waits for repositories that will never be ready; the error itself is thrown below.
  preparing.catch((error: unknown) => {
    for (const name of create) readiness.settle(name, problemOfBug(error))
  })
  // Existing repositories are changed before anything is pushed; a new one only concerns its own images.
  if (plan.repositories?.update) await preparing
  let pace = startPace(concurrency, clock.ticks(), availableParallelism())
  const queue = createQueue(jobs, {
    limit: (lane) => (lane === 'chart' ? Math.min(chartsAtOnce, pace.most) : pace.limit),
    hostOf: jobHost,
    gate: doors.gate,
    isThere: (blob) => !mounter.isOn() || holders.has(blob),
  })
  if (putRate !== undefined) queue.admit(putRate, clock.time() - burst)
  const work: Work = { run, sources, mounter, restore }

  /** Records a copied image: its layers can be mounted, the lock gets its digest, and its traffic can be weighed. */
  const remember = async (job: CopyJob, copied: Copied): Promise<Traffic> => {
    const { step } = job
    const content = await learnCopied(job, copied, doors.ecr)
    if (content !== undefined && step.kind === 'image') {
      holders.add(step.repository, content)
      if (step.platforms === undefined) learned.set(copied.digest, content)
    }
    return weighCopied(job, copied, content)
  }
  /** Finishes the bookkeeping of a job while the next one already starts. */
  const settling: Promise<void>[] = []
  const settle = ({ step }: CopyJob, outcome: Outcome, weighing: Promise<Partial<Traffic>>) => {
    const ended = weighing.then((traffic) => finish(step, { ...outcome, ...traffic }))
    // Awaited below; until then a failure is nobody's unhandled rejection.
    ended.catch(() => undefined)
    settling.push(ended)
  }
  const decide = (job: CopyJob, said: Problem, login: number | undefined): Next => {
    const host = jobHost(job)
    const { verdict, problem } = judgeTry(job, said, doors)
    if (!verdict.retry) return { end: problem }
    followRetry(doors, { name: job.step.name, host }, problem, verdict, login)
    // A failure that another route makes up for is no reason to slow down.
    if (verdict.delay > 0) pace = easePace(pace, problem, clock.ticks())
    if (problem.side === 'target' && problem.kind === 'rate-limited') {
      queue.admit(putRate ?? usualPutRate, clock.time())
    }
    return { again: verdict.delay }
  }
  const perform = async (job: CopyJob): Promise<void> => {
    const describe = describeStep(job.step, run)
    const refusal = await readiness.of(job.step.repository)
    if (refusal !== undefined) {
      queue.leave(job)
      return finish(job.step, describe(failed(refusal), { problem: refusal }))
    }
    const tried = await tryJob(job, work, describe).catch((error: unknown): Tried => {
      // A bug in one step is that step's failure: the others continue, and the report names it.
      return { outcome: describe('failed', { problem: problemOfBug(error) }) }
    })
    if ('outcome' in tried) {
      const { copied, outcome } = tried
      const bytes = copied === undefined ? 0 : job.bytes
      pace = adjustPace(pace, { now: clock.ticks(), bytes, strained: false })
      const weighing = copied && remember(job, copied)
      // Recorded before the job leaves the queue, so that jobs waiting for its layers find them.
      if (mounter.isOn()) await weighing
      queue.leave(job)
      if (weighing === undefined) finish(job.step, outcome)
      else settle(job, outcome, weighing)
      return
    }
    const next = afterAttempt(tried.problem, job.attempts, {
      signal: doors.signal,
      interrupted: () => interrupted,
      decide: (said) => decide(job, said, tried.login),
    })
    if ('again' in next) return queue.again(job, clock.time() + next.again)
    const { end: problem } = next
    queue.leave(job)
    const outcome = describe(failed(problem), { ...progressOf(job), problem })
    settle(job, outcome, weighFailed(job, doors.ecr))
  }
  for (const job of await runQueue(queue, perform, doors)) {
    const describe = describeStep(job.step, run)
    const outcome = describe('interrupted', { ...progressOf(job), problem: interrupted })
    settle(job, outcome, weighFailed(job, doors.ecr))
  }
  await Promise.all([...settling, restoring])
  const { problems: _, ...prepared } = await preparing
  return {
    ...prepared,
    outcomes: plan.steps.flatMap((step) => outcomes.get(step) ?? []),
    learned,
  }
}

/** Returns repositories in roughly the order in which their images start. */
function inOrderOf(jobs: readonly CopyJob[], names: readonly string[]): readonly string[] {
  const first = jobs
    .toSorted((a, b) => Number(b.leads) - Number(a.leads) || b.bytes - a.bytes)
    .map(({ step }) => step.repository)
  const wanted = new Set(names)
  return [...new Set([...first.filter((name) => wanted.has(name)), ...names])]
}

/** Runs queued jobs until none is left. Returns the jobs that an interruption left in the queue. */
async function runQueue(
  queue: Queue<CopyJob>,
  perform: (job: CopyJob) => Promise<void>,
  { signal, clock }: Pick<RunDoors, 'signal' | 'clock'>,
): Promise<CopyJob[]> {
  const running = new Set<Promise<void>>()
  for (;;) {
    if (signal.aborted) {
      await Promise.all(running)
      return queue.drain()
    }
    const turn = queue.next(clock.time())
    if (turn.kind === 'start') {
      const work: Promise<void> = perform(turn.task).finally(() => running.delete(work))
      running.add(work)
      continue
    }
    if (turn.kind === 'empty' && running.size === 0) return []
    const until = turn.kind === 'wait' ? turn.until : Infinity
    await wakeUp(running, until, { signal, clock })
  }
}

/** Resolves when a job ends, when the given time is reached, or when the run is interrupted. */
async function wakeUp(
  running: ReadonlySet<Promise<void>>,
  until: number,
  { signal, clock }: Pick<RunDoors, 'signal' | 'clock'>,
): Promise<void> {
  const timer = new AbortController()
  const timed = AbortSignal.any([timer.signal, signal])
  const waits = [...running]
  if (until !== Infinity) waits.push(clock.pause(Math.max(1, until - clock.time()), timed))
  try {
    await Promise.race(waits)
  } finally {
    timer.abort()
  }
}

function easePace(pace: Pace, { kind, side }: Problem, now: number): Pace {
  const strained =
    kind === 'timeout' || kind === 'network' || (kind === 'rate-limited' && side === 'target')
  return strained ? adjustPace(pace, { now, bytes: 0, strained }) : pace
}
