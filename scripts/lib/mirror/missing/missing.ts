import { groupBy } from '../../model/collections.ts'
import type { Outcome } from '../../model/events.ts'
import type { Problem, ProblemKind } from '../../model/problem.ts'
import type { Step } from '../plan.ts'

/** What to do when a source does not have an item: change nothing at all, or mirror the rest. */
export type MissingPolicy = 'fail' | 'skip'

const gone: ReadonlySet<ProblemKind> = new Set(['not-found', 'repository-missing'])
/** As Docker Hub, quay.io and ghcr.io answer for repositories that do not exist. */
const denied: ReadonlySet<ProblemKind> = new Set(['unauthorized', 'access-denied'])

/** True for what a source says of an item that it does not have, or not for this caller. */
export function saysMissing({ side, kind }: Pick<Problem, 'side' | 'kind'>): boolean {
  return side === 'source' && (gone.has(kind) || denied.has(kind))
}

/** An item whose source has refused it. */
interface Refused {
  readonly step: Pick<Step, 'host' | 'name'>
  readonly problem: Problem
}

/** Refusals, told apart by whether the rest can be mirrored without the item. */
export interface Refusals {
  readonly missing: readonly Problem[]
  readonly others: readonly Problem[]
}

/**
 * Tells missing items from sources that let nobody in: a host that denies each of several items wants credentials, one
 * that denies some of them does not have those.
 *
 * @param asked every item whose source was asked, with the refusal where there was one
 */
export function sortRefusals(
  asked: readonly { readonly step: Refused['step']; readonly problem: Problem | undefined }[],
): Refusals {
  const isClosed = new Map(
    [...groupBy(asked, ({ step }) => step.host)].map(([host, own]) => [
      host,
      own.length > 1 &&
        own.every(({ problem }) => problem !== undefined && denied.has(problem.kind)),
    ]),
  )
  const missing: Problem[] = []
  const others: Problem[] = []
  for (const { step, problem } of asked) {
    if (problem === undefined) continue
    const isMissing = saysMissing(problem) && !isClosed.get(step.host)
    ;(isMissing ? missing : others).push(problem)
  }
  return { missing, others }
}

/**
 * Names the way on for a missing item that stops a run.
 *
 * @param hasExclude whether the command can leave items out
 */
export function nameWayOn(problem: Problem, hasExclude: boolean): Problem {
  const way = hasExclude
    ? 'to mirror the rest, rerun with --on-missing skip, or leave this one out with --exclude'
    : 'to mirror the rest, rerun with --on-missing skip'
  return { ...problem, next: problem.next === undefined ? way : `${problem.next}; ${way}` }
}

/** The items that are not in the registry because their sources do not have them. */
export function missingOf(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(
    ({ status, problem }) => status === 'failed' && problem !== undefined && saysMissing(problem),
  )
}
