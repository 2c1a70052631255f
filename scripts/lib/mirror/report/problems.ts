import { count } from '../../cli/text.ts'
import { groupBy } from '../../model/collections.ts'
import type { Outcome } from '../../model/events.ts'
import { type Problem, sentenceOf } from '../../model/problem.ts'
import { emptyAdvice } from './unfilled-text.ts'
import type { Report } from './report.ts'
import { causeOf, statusWords } from './words.ts'

/** A cause, with all items that the same next step solves. */
export interface ProblemGroup {
  readonly cause: string
  readonly next: string
  /** True for a long list, which starts collapsed. */
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
  /** What the failure left behind. */
  readonly leftover: string
  /** The server's or tool's own words, where they add something. */
  readonly detail: string
}

const long = 12

/** Returns the failures and differences of a report, grouped by cause and next step. */
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
        next: first.problem.next ?? 'rerun the same command',
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
  message: 'no reason given',
}

function describe(problem: Problem, outcome: Outcome | undefined): ProblemItem {
  const { name = '', attempts = 0, emptyRepository } = outcome ?? {}
  const { detail = '' } = problem
  return {
    name,
    status: outcome === undefined ? '' : statusWords[outcome.status],
    // The item's name is already printed before it.
    message: outcome === undefined ? sentenceOf(problem) : problem.message,
    charts: (outcome?.charts ?? []).join(', '),
    leftover:
      emptyRepository === undefined
        ? ''
        : `repository ${emptyRepository} was created but is empty: ${emptyAdvice}`,
    retries: attempts > 1 ? count(attempts, 'attempt') : '',
    detail: problem.message.includes(detail) ? '' : detail,
  }
}
