import type { Content } from '../../model/image/content.ts'
import type { Problem } from '../../model/problem.ts'
import type { Outcome, Status } from '../../model/events.ts'
import type { Drift } from '../../model/repository/drift.ts'
import type { Applied } from '../copy/apply.ts'
import { findEmpty } from '../target/empty-repositories.ts'
import type { Plan } from '../plan/plan.ts'
import { sumTraffic, type TrafficSums } from '../traffic/traffic-sums.ts'

/** The result of a run, for machines; `format` grows when its shape changes. */
export interface Report {
  readonly format: 1
  readonly registry: string
  readonly prefix: string
  readonly existing: string
  readonly startedAt: string
  readonly milliseconds: number
  readonly interrupted: boolean
  readonly counts: Readonly<Record<Status, number>>
  /** Tags that count as present by their name alone. */
  readonly notCompared: number
  readonly bytes: TrafficSums
  readonly repositoriesCreated: readonly string[]
  /** Those of them that hold no tag, because everything that was for them failed or was interrupted. */
  readonly repositoriesEmpty: readonly string[]
  /** Absent when nothing was requested of repositories. */
  readonly repositories?: RepositoriesReport
  readonly outcomes: readonly Outcome[]
}

/** What a run came to, and what it learned of the images that it copied. */
export interface Mirrored {
  readonly report: Report
  readonly learned: ReadonlyMap<string, Content>
}

export interface RepositoriesReport {
  /** Existing repositories that were not as requested when the run began. */
  readonly drift: readonly Drift[]
  /** Whether they were to be changed. */
  readonly update: boolean
  readonly changed: readonly string[]
  /** Missing ones that are created by a template when they are pushed to. */
  readonly left: readonly string[]
  /** Why settings could not be given. */
  readonly problems: readonly Problem[]
}

export function makeReport(
  plan: Plan,
  { created, left, changed, faults, outcomes: applied }: Applied,
  run: { readonly startedAt: Date; readonly milliseconds: number },
): Report {
  const { empty, outcomes } = findEmpty(created, plan.steps, applied)
  const count = (status: Status) => outcomes.filter((outcome) => outcome.status === status).length
  return {
    format: 1,
    registry: plan.target.registry,
    prefix: plan.target.prefix,
    existing: plan.existing,
    startedAt: run.startedAt.toISOString(),
    milliseconds: Math.round(run.milliseconds),
    interrupted: count('interrupted') > 0,
    counts: {
      copied: count('copied'),
      overwritten: count('overwritten'),
      restored: count('restored'),
      skipped: count('skipped'),
      differs: count('differs'),
      failed: count('failed'),
      interrupted: count('interrupted'),
    },
    notCompared: outcomes.filter(({ comparison }) => comparison === 'not-compared').length,
    bytes: sumTraffic(outcomes),
    repositoriesCreated: created,
    repositoriesEmpty: empty,
    ...(plan.repositories !== undefined && {
      repositories: {
        drift: plan.repositories.drift,
        update: plan.repositories.update,
        changed,
        left,
        problems: faults,
      },
    }),
    outcomes,
  }
}

/** The problems of a run, each once: those of repositories, then those of items in the order of the plan. */
export function problemsOf({
  outcomes,
  repositories,
}: Pick<Report, 'outcomes' | 'repositories'>): Problem[] {
  const ofItems = outcomes.flatMap(({ problem }) =>
    problem === undefined || problem.kind === 'interrupted' ? [] : [problem],
  )
  return [...(repositories?.problems ?? []), ...ofItems]
}

/** 130 interrupted and resumable, 1 something failed or differs, 0 all done. */
export function exitCodeOfReport({ counts, interrupted, repositories }: Report): number {
  if (interrupted) return 130
  const faults = repositories?.problems.length ?? 0
  return counts.failed + counts.differs + faults > 0 ? 1 : 0
}
