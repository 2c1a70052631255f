import type { Content } from '../../model/image/content.ts'
import type { Problem } from '../../model/problem.ts'
import type { Outcome, Status } from '../../model/events.ts'
import type { Drift } from '../../model/repository/drift.ts'
import type { Applied } from '../copy/apply.ts'
import { findEmpty } from '../target/empty-repositories.ts'
import type { Plan } from '../plan/plan.ts'
import { sumTraffic, type TrafficSums } from '../traffic/traffic-sums.ts'

/** The result of a run, for machines; `format` is increased when its shape changes. */
export interface Report {
  readonly format: 1
  readonly registry: string
  readonly prefix: string
  readonly existing: string
  readonly startedAt: string
  readonly milliseconds: number
  readonly interrupted: boolean
  readonly counts: Readonly<Record<Status, number>>
  /** Number of tags that count as present by name alone. */
  readonly notCompared: number
  readonly bytes: TrafficSums
  readonly repositoriesCreated: readonly string[]
  /** Those of them without a tag, because every copy into them failed or was interrupted. */
  readonly repositoriesEmpty: readonly string[]
  /** Absent when no repository settings were requested. */
  readonly repositories?: RepositoriesReport
  readonly outcomes: readonly Outcome[]
}

/** The results of a run, and the contents of the images that it copied. */
export interface Mirrored {
  readonly report: Report
  readonly learned: ReadonlyMap<string, Content>
}

export interface RepositoriesReport {
  /** Existing repositories whose settings differed from the request at the start of the run. */
  readonly drift: readonly Drift[]
  /** Whether they were to be updated. */
  readonly update: boolean
  readonly changed: readonly string[]
  /** Missing ones that ECR creates from a template on push. */
  readonly left: readonly string[]
  /** Problems of settings that could not be applied. */
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

/** Returns the distinct problems of a run: those of repositories, then those of items in the order of the plan. */
export function problemsOf({
  outcomes,
  repositories,
}: Pick<Report, 'outcomes' | 'repositories'>): Problem[] {
  const ofItems = outcomes.flatMap(({ problem }) =>
    problem === undefined || problem.kind === 'interrupted' ? [] : [problem],
  )
  return [...(repositories?.problems ?? []), ...ofItems]
}

/** Returns 130 when interrupted and resumable, 1 when something failed or differs, else 0. */
export function exitCodeOfReport({ counts, interrupted, repositories }: Report): number {
  if (interrupted) return 130
  const faults = repositories?.problems.length ?? 0
  return counts.failed + counts.differs + faults > 0 ? 1 : 0
}
