import { count } from '../../cli/text.ts'
import { groupBy } from '../../model/collections.ts'
import type { Outcome } from '../../model/events.ts'
import { type Problem, sentenceOf } from '../../model/problem.ts'
import { emptyAdvice } from './unfilled-text.ts'
import type { Report } from './report.ts'
import { causeOf, statusWords } from './words.ts'

/** What stands in the way, with everything that is solved by the same step. */
export interface ProblemGroup {
  readonly cause: string
  readonly next: string
  /** A long list begins folded. */
  readonly isLong: boolean
  readonly isMany: boolean
  readonly size: number
  readonly items: readonly ProblemItem[]
}

interface ProblemItem {
  /** Empty for a problem of the registry's settings. */
  readonly name: string
  readonly status: string
  readonly message: string
  readonly charts: string
  /** `3 attempts`, when there was more than one. */
  readonly retries: string
  /** What the failure has left behind. */
  readonly leftover: string
  /** The server's or tool's own words, where they say more. */
  readonly detail: string
}

const long = 12

/** Failures and differences of a report, with those together that have one cause and one next step. */
export function groupProblems({ outcomes, repositories }: Report): ProblemGroup[] {
  const ofItems = outcomes.flatMap((outcome) => {
    const { status, problem = unexplained } = outcome
    return status === 'failed' || status === 'differs' ? [{ outcome, problem }] : []
  })
  const ofRepositories = (repositories?.problems ?? []).map((problem) => ({
    outcome: undefined,
    problem,
  }))
  const groups = groupBy([...ofRepositories, ...ofItems], ({ problem }) =>
    JSON.stringify([causeOf(problem), problem.next]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return [
      {
        cause: causeOf(first.problem),
        next: first.problem.next ?? 'run the same command again',
        isLong: group.length > long,
        isMany: group.length > 1,
        size: group.length,
        items: group.map(({ outcome, problem }) => describe(problem, outcome)),
      },
    ]
  })
}

const unexplained: Problem = {
  kind: 'unknown',
  side: 'unknown',
  message: 'no reason was given',
}

function describe(problem: Problem, outcome: Outcome | undefined): ProblemItem {
  const { name = '', attempts = 0, emptyRepository } = outcome ?? {}
  const { detail = '' } = problem
  return {
    name,
    status: outcome === undefined ? '' : statusWords[outcome.status],
    // The name of an item stands before it already.
    message: outcome === undefined ? sentenceOf(problem) : problem.message,
    charts: (outcome?.charts ?? []).join(', '),
    leftover:
      emptyRepository === undefined
        ? ''
        : `repository ${emptyRepository} was created, still empty: ${emptyAdvice}`,
    retries: attempts > 1 ? count(attempts, 'attempt') : '',
    detail: problem.message.includes(detail) ? '' : detail,
  }
}
