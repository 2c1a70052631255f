import { bytesOf, type Content, manifestsOf, usualManifests } from '../../model/image/content.ts'
import { contentOfSelected } from '../../model/image/platform.ts'
import type { Problem, ProblemKind } from '../../model/problem.ts'
import type { Reference } from '../../model/image/reference.ts'
import { judge, type RetryDecision } from '../../tools/pacing/retry.ts'
import { chooseLeaders, sharedBlobs } from './order.ts'
import type { MirrorStep } from '../plan/plan.ts'
import type { Task } from './queue.ts'
import { sourceRoutesOf } from '../sources/routes.ts'
import { referenceToCopy, type Resolved } from '../sources/sources.ts'
import { type Ledger, openLedger } from '../traffic/ledger.ts'
import type { RunDoors, RunState } from '../session/doors.ts'
import type { CopySettings } from '../session/request.ts'

/** A step in the queue, with what its attempts have shown. */
export interface CopyJob extends Task {
  readonly step: MirrorStep
  readonly content?: Content
  /** All places that its data can be read from; empty for a chart that helm pulls. */
  readonly routes: readonly Reference[]
  /** Index of the next one. */
  route: number
  /** Attempts so far, and rounds through all routes. */
  attempts: number
  rounds: number
  /** True when ECR's token was already renewed for it. */
  renewed: boolean
  /** A temporary problem of a route in this round; another route's "not found" does not override it. */
  kept?: Problem
  /** Start of its first attempt. */
  startedAt?: number
  /** The bytes that its attempts have moved. */
  readonly ledger: Ledger
}

/** Bytes assumed for an image of unknown size: an average, so that such images cluster neither first nor last. */
const usualBytes = 64 * 1024 * 1024

/** Where images can be read from, and their known contents. */
type Known = Pick<RunState, 'contents'> & Pick<CopySettings, 'mirrors'>

/** Makes the jobs of a run, with their shared layers and their order. */
export function makeJobs(
  steps: readonly MirrorStep[],
  known: Known,
  resolvedOf: (step: MirrorStep) => Resolved | undefined,
  isThere: ((blob: string) => boolean) | undefined,
): CopyJob[] {
  const items = steps.map((step) => {
    const content = contentOfStep(step, known, resolvedOf(step))
    return { step, ...(content && { content }) }
  })
  const shared: ReadonlyMap<(typeof items)[number], readonly string[]> =
    isThere === undefined ? new Map() : sharedBlobs(items, isThere)
  const weight = ({ step, content }: (typeof items)[number]) =>
    (content && bytesOf(content)) ?? step.bytes ?? usualBytes
  const leaders = chooseLeaders(shared, weight)
  return items.map((item) => {
    const { step, content } = item
    const reference = referenceToCopy(step)
    return {
      ...item,
      lane: reference === undefined ? 'chart' : 'image',
      bytes: step.kind === 'chart' ? 0 : weight(item),
      manifests: step.kind === 'chart' ? 1 : content ? manifestsOf(content) : usualManifests,
      shared: shared.get(item) ?? [],
      leads: leaders.has(item),
      routes: reference === undefined ? [] : sourceRoutesOf(reference, known.mirrors),
      route: 0,
      attempts: 0,
      rounds: 1,
      renewed: false,
      ledger: openLedger(),
    }
  })
}

function contentOfStep(
  step: MirrorStep,
  { contents }: Known,
  resolved: Resolved | undefined,
): Content | undefined {
  if (step.kind === 'chart') return undefined
  const root = resolved?.root ?? step.digest
  const whole = root === undefined ? undefined : contents.get(root)
  if (whole === undefined || resolved?.selected === undefined) return whole
  return contentOfSelected(resolved.selected, whole)
}

/** Returns the host that the next attempt reads from. */
export function jobHost({ step, routes, route }: CopyJob): string {
  return routes[route]?.registry ?? step.host
}

// Answers of the source itself; problems of the target or this machine are the same for every route.
const elsewhere: ReadonlySet<ProblemKind> = new Set([
  'not-found',
  'repository-missing',
  'unauthorized',
  'access-denied',
  'rate-limited',
  'quota',
  'network',
  'server-error',
  'timeout',
  'digest-mismatch',
  'unsafe-address',
  'unknown',
])

/** Permanent answers of a source: the item is missing, or access is denied. */
const final: ReadonlySet<ProblemKind> = new Set([
  'not-found',
  'repository-missing',
  'unauthorized',
  'access-denied',
  'unsafe-address',
])

/** Decides what follows a failed attempt: another route at once, another round later, or the end. Changes the job. */
export function judgeTry(
  job: CopyJob,
  said: Problem,
  doors: Pick<RunDoors, 'backoff'>,
): { readonly verdict: RetryDecision; readonly problem: Problem } {
  const isLast = job.route >= job.routes.length - 1
  if (!isLast && said.side !== 'target' && elsewhere.has(said.kind)) {
    job.route += 1
    if (!final.has(said.kind)) job.kept ??= said
    const pauseHost = said.kind === 'rate-limited'
    return { verdict: { retry: true, delay: 0, pauseHost, renew: false }, problem: said }
  }
  const problem = final.has(said.kind) ? (job.kept ?? said) : said
  const verdict = judge(problem, job.rounds, job.renewed, doors.backoff)
  if (!verdict.retry) return { verdict, problem }
  job.rounds += 1
  job.route = 0
  delete job.kept
  job.renewed ||= verdict.renew
  return { verdict, problem }
}
