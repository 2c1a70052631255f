import pLimit from 'p-limit'
import type { Ecr } from '../../aws/ecr/client.ts'
import { count } from '../../cli/text.ts'
import { readManifest } from '../../model/image/content.ts'
import type { Notify, Outcome } from '../../model/events.ts'
import {
  failure,
  type Problem,
  type Result,
  toResult,
  success,
  unwrap,
} from '../../model/problem.ts'
import type { Clock } from '../../tools/pacing/clock.ts'
import { repeat } from '../../tools/pacing/repeat.ts'
import { describeStep, failed, type RunTime } from '../plan/outcome.ts'
import type { Step } from '../plan/plan.ts'
import { interrupted } from '../session/request.ts'

/** What is restored, and with which patience. */
export interface RestoreWorld {
  readonly ecr: Pick<Ecr, 'restoreImage' | 'readStates' | 'readManifests'>
  readonly signal: AbortSignal
  /** Milliseconds that one image may take; left out, half an hour. */
  readonly deadline: number | undefined
  readonly clock: Clock
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
    time,
    finish,
  }: {
    readonly notify: Notify
    readonly time: RunTime
    readonly finish: (step: Step, outcome: Outcome) => void
  },
): Promise<void> {
  if (steps.length === 0) return
  const images = count(steps.length, 'archived image')
  notify({ kind: 'notice', text: `waiting for ECR to restore ${images}, for up to 20 minutes` })
  await Promise.all(
    steps.map(async (step) => {
      notify({ kind: 'start', name: step.name })
      finish(step, await restoreStep(step, restore, time))
    }),
  )
}

/** Restores a step's image, and says how that ended. Never throws what a caller would have to report. */
export async function restoreStep(
  step: Step,
  restore: Restorer,
  time: RunTime,
  startedAt = time.doors.clock.ticks(),
): Promise<Outcome> {
  const describe = describeStep(step, time)
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
export function openRestorer(world: RestoreWorld): Restorer {
  const { ecr, signal, clock, deadline = usualDeadline } = world
  const limit = pLimit(callsAtOnce)
  return ({ repository, destination }, root) => {
    const until = clock.time() + deadline
    const stateOf = async (digest: string) => {
      const states = await limit(() => ecr.readStates(repository, [{ digest }]))
      return states.find((state) => state.digest === digest)?.status
    }
    const bringBack = async (digest: string): Promise<void> => {
      if ((await stateOf(digest)) === 'ARCHIVED') {
        await limit(() => ecr.restoreImage(repository, digest))
      }
      const look = async () => {
        const state = await stateOf(digest)
        return state === 'ACTIVE' ? success(undefined) : failure(state)
      }
      const { result } = await repeat(look, {
        signal,
        clock,
        interrupted: () => interrupted,
        decide: (_, looks) => {
          const left = until - clock.time()
          return left <= 0
            ? { end: tooSlow(destination, deadline) }
            : { again: Math.min(firstWait * 2 ** (looks - 1), longestWait, left) }
        },
      })
      unwrap(result)
    }
    const bringAllBack = async (): Promise<void> => {
      await bringBack(root)
      const children = await archivedChildren(ecr, repository, root)
      // All of them, so that one that fails leaves none unwatched.
      const results = await Promise.all(children.map((one) => toResult(bringBack(one))))
      for (const result of results) unwrap(result)
    }
    return toResult(bringAllBack())
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
