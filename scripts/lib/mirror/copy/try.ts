import { blobsOf } from '../../model/image/content.ts'
import type { Outcome } from '../../model/events.ts'
import { type Problem, type ProblemKind, type Result, success } from '../../model/problem.ts'
import { copyArchive, copyImage, pushLocal, type Recording } from './copy.ts'
import type { Copied } from './copied.ts'
import type { CopyJob } from './job.ts'
import type { Mounter } from '../layers/mount.ts'
import { type Describe, describeStep, differs, failed, immutableTag } from '../plan/outcome.ts'
import type { MirrorStep } from '../plan/plan.ts'
import { type Restorer, restoreStep } from '../target/restore.ts'
import { type Resolved, settle, type Sources } from '../sources/sources.ts'
import { recordLines } from '../traffic/ledger.ts'
import type { OpenRun, RunDoors } from '../session/doors.ts'

/** Shared by all attempts of a run. */
export interface Work {
  readonly run: OpenRun
  readonly sources: Sources
  readonly mounter: Mounter
  readonly restore: Restorer
}

/** The end of an attempt: an outcome, or a problem that decides what follows. */
export type Tried =
  | { readonly outcome: Outcome; readonly copied?: Copied }
  | { readonly problem: Problem; readonly login?: number }

/** Makes one attempt at a job: asks its source, decides, and copies. */
export async function tryJob(job: CopyJob, work: Work, describe: Describe): Promise<Tried> {
  const { run, sources } = work
  const { doors, request } = run
  const { existing, replaceImmutable } = request.copying
  job.attempts += 1
  job.startedAt ??= doors.clock.ticks()
  const login = await doors.logins.current()
  if (!login.ok) return login
  const resolved = await resolveStep(job.step, sources)
  // The source has already been asked several times, so its answer is final.
  if (!resolved.ok) {
    const { problem } = resolved
    return { outcome: describe(failed(problem), { ...progressOf(job), problem }) }
  }
  const step = settle(job.step, resolved.value, { existing, registry: request.registry })
  const end = describeStep(step, run)
  if (step.action === 'skip') return { outcome: end('skipped', {}) }
  if (step.refused !== undefined) {
    return { outcome: end(failed(step.refused), { problem: step.refused }) }
  }
  if (step.action === 'restore') {
    return { outcome: await restoreStep(step, work.restore, run, job.startedAt) }
  }
  if (step.action === 'differs') {
    return { outcome: end('differs', { problem: differs(step, request.origin) }) }
  }
  if (step.action === 'overwrite' && step.immutable && !replaceImmutable) {
    return { outcome: end('failed', { problem: immutableTag(step) }) }
  }
  if (job.attempts === 1) doors.notify({ kind: 'start', name: step.name })
  const mounted = job.content && (await work.mounter.mount(step.repository, job.content))
  for (const digest of mounted ?? []) job.ledger.mounted.add(digest)
  const recording = openRecording(job, doors)
  const copied = await copyStep(job, step, resolved.value, run, recording)
  if (!copied.ok) {
    if (recording.hasLines() || cutting.has(copied.problem.kind)) job.ledger.brokenOff += 1
    const waited = await withRetryAfter(job, copied.problem, doors)
    return { problem: waited, login: login.value }
  }
  return {
    outcome: end(step.action === 'overwrite' ? 'overwritten' : 'copied', {
      ...progressOf(job),
      digest: copied.value.digest,
    }),
    copied: copied.value,
  }
}

export function progressOf({ attempts, startedAt }: CopyJob): Partial<Outcome> {
  return { attempts, ...(startedAt !== undefined && { startedAt }) }
}

function copyStep(
  job: CopyJob,
  step: MirrorStep,
  resolved: Resolved,
  run: OpenRun,
  recording: Recording,
): Promise<Result<Copied>> {
  const route = job.routes[job.route]
  const { digest } = resolved
  if (route !== undefined && digest !== undefined) {
    return copyImage(run, step, route, { ...resolved, digest }, recording)
  }
  if (step.kind === 'chart' && resolved.entry !== undefined) {
    return copyArchive(run, step, resolved.entry, recording)
  }
  if (step.kind === 'chart' && step.file !== undefined && digest !== undefined) {
    const sha256 = digest.slice('sha256:'.length)
    return pushLocal(run, step, { file: step.file, sha256 }, recording)
  }
  throw new Error(`${step.name} was resolved to nothing`)
}

/** Problems that can end a copy in the middle of a blob before crane has reported any. */
const cutting: ReadonlySet<ProblemKind> = new Set(['interrupted', 'network', 'timeout'])

/** Records the bytes that an attempt moves in the job's ledger, and reports each blob as it arrives. */
function openRecording(
  { step, ledger, content, attempts }: CopyJob,
  { notify }: RunDoors,
): Recording & { readonly hasLines: () => boolean } {
  const sizes: ReadonlyMap<string, number> = content ? blobsOf(content) : new Map()
  let lines = 0
  return {
    ledger,
    hasLines: () => lines > 0,
    openLines: () => {
      const record = recordLines(ledger, attempts === 1)
      return (line) => {
        lines += 1
        record(line)
        if (line.kind !== 'pushed') return
        notify({ kind: 'blob', name: step.name, bytes: sizes.get(line.digest) ?? 0 })
      }
    },
  }
}

/** Returns whether the source has to be asked: only a pinned or locked image that is copied whole needs no answer. */
async function resolveStep(step: MirrorStep, sources: Sources): Promise<Result<Resolved>> {
  const isKnown = step.kind === 'image' && step.digest !== undefined && step.platforms === undefined
  return isKnown ? success({ digest: step.digest, root: step.digest }) : sources.resolve(step)
}

/** Asks the host once more how long to wait (Retry-After): crane does not report it. */
async function withRetryAfter(job: CopyJob, problem: Problem, doors: RunDoors): Promise<Problem> {
  const route = job.routes[job.route]
  const isAsked = problem.kind === 'rate-limited' && problem.side === 'source'
  if (!isAsked || route === undefined) return problem
  const asked = await doors.registries.head(route, route.tag ?? route.digest ?? 'latest')
  if (asked.ok || asked.problem.retryAfter === undefined) return problem
  return { ...problem, retryAfter: asked.problem.retryAfter }
}
