import { groupBy } from '../../model/collections.ts'
import type { Outcome } from '../../model/events.ts'
import type { Problem, ProblemKind } from '../../model/problem.ts'

/** What to do when a source does not have an item: change nothing, or mirror the rest. */
export type MissingPolicy = 'fail' | 'skip'

const gone: ReadonlySet<ProblemKind> = new Set(['not-found', 'repository-missing'])
/** Answers of Docker Hub, quay.io and ghcr.io for repositories that do not exist. */
const denied: ReadonlySet<ProblemKind> = new Set(['unauthorized', 'access-denied'])

/** Returns true for a source's answer that an item is missing, or not accessible to this caller. */
function saysMissing({ side, kind }: Pick<Problem, 'side' | 'kind'>): boolean {
  return side === 'source' && (gone.has(kind) || denied.has(kind))
}

/** An item whose source was asked, with the refusal, if any. */
export interface Asked {
  readonly host: string
  readonly problem: Problem | undefined
}

/** Refusals, split by whether the rest can be mirrored without the item. */
export interface Refusals {
  readonly missing: readonly Problem[]
  readonly others: readonly Problem[]
}

/**
 * Distinguishes missing items from sources that require credentials: a host that denies all of several items requires
 * credentials; one that denies only some does not have those.
 */
export function sortRefusals(asked: readonly Asked[]): Refusals {
  const closed = closedHosts(asked)
  const missing: Problem[] = []
  const others: Problem[] = []
  for (const { host, problem } of asked) {
    if (problem === undefined) continue
    if (saysMissing(problem) && !closed.has(host)) missing.push(problem)
    else others.push(problem)
  }
  return { missing, others }
}

/** Returns the items that are not in the registry because their sources do not have them. */
export function missingOf(outcomes: readonly Outcome[]): Outcome[] {
  const closed = closedHosts(outcomes.map(({ host, problem }) => ({ host, problem })))
  return outcomes.filter(
    ({ status, host, problem }) =>
      status === 'failed' && problem !== undefined && saysMissing(problem) && !closed.has(host),
  )
}

function closedHosts(asked: readonly Asked[]): ReadonlySet<string> {
  const isDenied = ({ problem }: Asked) =>
    problem !== undefined && problem.side === 'source' && denied.has(problem.kind)
  const groups = [...groupBy(asked, ({ host }) => host)]
  return new Set(
    groups.filter(([, own]) => own.length > 1 && own.every(isDenied)).map(([host]) => host),
  )
}

/**
 * Adds advice on how to continue to a missing item that stops a run.
 *
 * @param hasExclude whether the command can exclude items
 */
export function nameWayOn(problem: Problem, hasExclude: boolean): Problem {
  const way = hasExclude
    ? 'to mirror the rest, rerun with --on-missing skip, or leave this one out with --exclude'
    : 'to mirror the rest, rerun with --on-missing skip'
  return { ...problem, next: problem.next === undefined ? way : `${problem.next}; ${way}` }
}
