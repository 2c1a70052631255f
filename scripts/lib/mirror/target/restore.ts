import pLimit from 'p-limit'
import type { Ecr } from '../../aws/ecr/client.ts'
import { count } from '../../cli/text.ts'
import { readManifest } from '../../model/image/content.ts'
import type { Notify, Outcome } from '../../model/events.ts'
import { failure, type Problem, type Result, resultOf, success } from '../../model/problem.ts'
import { pause } from '../../tools/pacing/retry.ts'
import { describeStep, failed } from '../plan/outcome.ts'
import type { Step } from '../plan/plan.ts'
import { interrupted } from '../session/doors.ts'

/** What is restored, and with which patience. */
export interface RestoreWorld {
  readonly ecr: Pick<Ecr, 'restoreImage' | 'readStates' | 'readManifests'>
  readonly signal: AbortSignal
  /** Milliseconds that one image may take; left out, half an hour. */
  readonly deadline: number | undefined
}

/** ECR promises 20 minutes (its user guide, "Restoring an image"). */
const usualDeadline = 30 * 60_000
/** Milliseconds between two questions: the first ones soon, since some images take no time at all. */
const firstWait = 1_000
const longestWait = 15_000

/** The rate of these calls is not published; few at a time have never been throttled. */
const callsAtOnce = 4

/** Restores the images of steps side by side, and reports each as it ends. */
export async function restoreSteps(
  steps: readonly Step[],
  restore: Restorer,
  {
    notify,
    began,
    finish,
  }: {
    readonly notify: Notify
    readonly began: number
    readonly finish: (step: Step, outcome: Outcome) => void
  },
): Promise<void> {
  if (steps.length === 0) return
  const images = count(steps.length, 'archived image')
  notify({ kind: 'notice', text: `waiting for ECR to restore ${images}, for up to 20 minutes` })
  await Promise.all(
    steps.map(async (step) => {
      notify({ kind: 'start', name: step.name })
      finish(step, await restoreStep(step, restore, began))
    }),
  )
}

/** Restores a step's image, and says how that ended. Never throws what a caller would have to report. */
export async function restoreStep(
  step: Step,
  restore: Restorer,
  began: number,
  startedAt = performance.now(),
): Promise<Outcome> {
  const describe = describeStep(step, began)
  const digest = step.stored?.digest
  const progress = { attempts: 1, startedAt }
  if (digest === undefined) throw new Error(`nothing says which image of ${step.name} is archived`)
  const restored = await restore(step, digest)
  if (restored.ok) return describe('restored', progress)
  const { problem } = restored
  return describe(failed(problem), { ...progress, problem })
}

/** Takes images out of ECR's archive, few calls at a time. */
export type Restorer = (
  step: Pick<Step, 'repository' | 'destination'>,
  digest: string,
) => Promise<Result<void>>

/**
 * Returns what restores an image and waits until it can be pulled, the children of an index with it: a child that stays
 * in the archive would leave its platform behind.
 */
export function openRestorer({ ecr, signal, deadline = usualDeadline }: RestoreWorld): Restorer {
  const limit = pLimit(callsAtOnce)
  return async ({ repository, destination }, root) => {
    const until = Date.now() + deadline
    const stateOf = async (digest: string) => {
      const states = await limit(() => ecr.readStates(repository, [{ digest }]))
      return states.find((state) => state.digest === digest)?.status
    }
    const bringBack = async (digest: string): Promise<Problem | undefined> => {
      if ((await stateOf(digest)) === 'ARCHIVED') {
        await limit(() => ecr.restoreImage(repository, digest))
      }
      for (let wait = firstWait; (await stateOf(digest)) !== 'ACTIVE'; wait *= 2) {
        if (Date.now() >= until) return tooSlow(destination, deadline)
        await pause(Math.min(wait, longestWait, until - Date.now()), signal)
        if (signal.aborted) return interrupted
      }
      return undefined
    }
    const restored = await resultOf(bringBack(root))
    if (!restored.ok) return restored
    if (restored.value !== undefined) return failure(restored.value)
    const children = await resultOf(archivedChildren(ecr, repository, root))
    if (!children.ok) return children
    for (const back of await Promise.all(children.value.map((one) => resultOf(bringBack(one))))) {
      if (!back.ok) return back
      if (back.value !== undefined) return failure(back.value)
    }
    return success(undefined)
  }
}

/** The children of an index that cannot be read, although it can. */
async function archivedChildren(
  ecr: RestoreWorld['ecr'],
  repository: string,
  root: string,
): Promise<string[]> {
  const [manifest] = await ecr.readManifests(repository, [root])
  const children = (manifest && readManifest(manifest.text)?.children) ?? []
  const digests = children.map(({ digest }) => digest)
  const readable = digests.length === 0 ? [] : await ecr.readManifests(repository, digests)
  const there = new Set(readable.map(({ digest }) => digest))
  return digests.filter((digest) => !there.has(digest))
}

function tooSlow(destination: string, deadline: number): Problem {
  return {
    kind: 'timeout',
    side: 'target',
    message: `ECR has not restored "${destination}" within ${Math.round(deadline / 1000)} s`,
    next: 'run again with --on-archived restore to go on waiting, or raise --deadline',
  }
}
