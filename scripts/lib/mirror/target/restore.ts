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
import type { MirrorStep } from '../plan/plan.ts'
import { interrupted } from '../session/request.ts'

/** The doors and timeout of a restore. */
export interface RestoreWorld {
  readonly ecr: Pick<Ecr, 'restoreImage' | 'readStates' | 'readManifests'>
  readonly signal: AbortSignal
  /** Milliseconds that one image may take. Default: half an hour. */
  readonly deadline: number | undefined
  readonly clock: Clock
}

/** ECR promises 20 minutes (its user guide, "Restoring an image"). */
const usualDeadline = 30 * 60_000
/** Milliseconds between two polls: short at first, since some images are restored at once. */
const firstWait = 1_000
const longestWait = 15_000

/** The rate limit of these calls is not published; a few at a time have never been throttled. */
const callsAtOnce = 4

/** Restores the images of steps concurrently, and reports each when it is done. */
export async function restoreSteps(
  steps: readonly MirrorStep[],
  restore: Restorer,
  {
    notify,
    time,
    finish,
  }: {
    readonly notify: Notify
    readonly time: RunTime
    readonly finish: (step: MirrorStep, outcome: Outcome) => void
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

/** Restores a step's image. Returns its outcome; failures are part of it and are not thrown. */
export async function restoreStep(
  step: MirrorStep,
  restore: Restorer,
  time: RunTime,
  startedAt = time.doors.clock.ticks(),
): Promise<Outcome> {
  const describe = describeStep(step, time)
  const digest = step.stored?.digest
  const progress = { attempts: 1, startedAt }
  if (digest === undefined)
    throw new Error(`the digest of the archived image of ${step.name} is missing`)
  const restored = await restore(step, digest)
  if (restored.ok) return describe('restored', progress)
  const { problem } = restored
  return describe(failed(problem), { ...progress, problem })
}

/** Takes images out of ECR's archive, a few calls at a time. */
export type Restorer = (
  step: Pick<MirrorStep, 'repository' | 'destination'>,
  digest: string,
) => Promise<Result<void>>

/**
 * Returns a function that restores an image and waits until it can be pulled, with the children of an index: a platform
 * whose image stays in the archive could not be pulled.
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
      // Waits for all of them, so that a failure of one does not leave the others unobserved.
      const results = await Promise.all(children.map((one) => toResult(bringBack(one))))
      for (const result of results) unwrap(result)
    }
    return toResult(bringAllBack())
  }
}

/** Returns the unreadable children of a readable index. */
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
    message: `ECR did not restore "${destination}" within ${Math.round(deadline / 1000)} s`,
    next: 'rerun with --on-archived restore to continue waiting, or raise --deadline',
  }
}
