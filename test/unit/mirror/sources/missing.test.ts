import { describe, expect, it } from 'vitest'
import { findEmpty } from '../../../../scripts/lib/mirror/target/empty-repositories.ts'
import {
  missingOf,
  nameWayOn,
  sortRefusals,
} from '../../../../scripts/lib/mirror/sources/missing.ts'
import { describeUnfilled } from '../../../../scripts/lib/mirror/report/unfilled-text.ts'
import { renderSummary } from '../../../../scripts/lib/mirror/report/summary.ts'
import type { Problem } from '../../../../scripts/lib/model/problem.ts'
import { outcomeOf, reportOf } from '../../support/report.ts'

const said = (kind: Problem['kind'], side: Problem['side'] = 'source'): Problem => ({
  kind,
  side,
  message: kind,
})
const gone = said('not-found')
const denied = said('unauthorized')

describe('a refusal of a source', () => {
  it.each<[string, readonly (readonly [string, Problem | undefined])[], number, number]>([
    ['that has it no more is a missing item', [['a', gone]], 1, 0],
    ['that alone is denied is a missing item, for all that is known', [['a', denied]], 1, 0],
    [
      'that is denied where others are given is a missing item',
      [
        ['a', denied],
        ['a', undefined],
      ],
      1,
      0,
    ],
    [
      'that denies all of several is no missing item',
      [
        ['a', denied],
        ['a', denied],
      ],
      0,
      2,
    ],
    [
      'that denies all is told apart from others',
      [
        ['a', denied],
        ['a', denied],
        ['b', gone],
      ],
      1,
      2,
    ],
    ['that is down is no missing item', [['a', said('server-error')]], 0, 1],
    ['that cannot be reached is no missing item', [['a', said('network')]], 0, 1],
    ['that is out of pulls is no missing item', [['a', said('quota')]], 0, 1],
    ['is of no concern when it is the target’s', [['a', said('not-found', 'target')]], 0, 1],
  ])('%s', (_, rows, missing, others) => {
    const sorted = sortRefusals(rows.map(([host, problem]) => ({ host, problem })))
    expect([sorted.missing.length, sorted.others.length]).toEqual([missing, others])
  })

  it.each([
    [
      true,
      'check it; to mirror the rest, rerun with --on-missing skip, or leave this one out with --exclude',
    ],
    [false, 'check it; to mirror the rest, rerun with --on-missing skip'],
  ])('names the way on (--exclude: %s)', (hasExclude, next) => {
    expect(nameWayOn({ ...gone, next: 'check it' }, hasExclude).next).toBe(next)
  })
})

describe('what is missing after a run', () => {
  const missing = outcomeOf('failed', { problem: gone, charts: ['web', 'api'] })

  it('is what failed because its source does not have it', () => {
    const others = [
      outcomeOf('copied'),
      outcomeOf('failed', { problem: said('network') }),
      outcomeOf('interrupted', { problem: said('interrupted', 'local') }),
      outcomeOf('failed'),
    ]
    expect(missingOf([missing, ...others])).toEqual([missing])
  })

  it('is named again at the end, with who points to it', () => {
    const chart = outcomeOf('failed', {
      kind: 'chart',
      name: 'chart web 1.0.0',
      destination: 'r/charts/web:1.0.0',
      problem: gone,
    })
    const summary = renderSummary(reportOf([missing, chart])).join('\n')
    expect(summary).toContain(`
Not in the registry because their sources do not have them (2 items):
  ${missing.destination} (the values of web, api point to it)
  r/charts/web:1.0.0 (chart web 1.0.0)
`)
  })

  it('is named in part when it is much', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({
      kind: 'image' as const,
      name: `i${index}`,
      destination: `r/i${index}`,
    }))
    const lines = describeUnfilled(many, [])
    expect(lines).toHaveLength(12)
    expect(lines.at(-1)).toBe('  … and 2 more; see the report for all of them')
    expect(describeUnfilled(many.slice(1), [])).toHaveLength(12)
    expect(describeUnfilled([], [])).toEqual([])
  })
})

describe('a repository that was created', () => {
  const step = (repository: string, tag: string) => ({
    repository,
    destination: `r/${repository}:${tag}`,
  })
  const steps = [step('a', '1'), step('a', '2'), step('b', '1'), step('c', '1')]
  const ended = (...statuses: readonly ('copied' | 'failed' | 'interrupted' | 'skipped')[]) =>
    statuses.map((status, index) =>
      outcomeOf(status, { destination: steps[index]?.destination ?? '' }),
    )

  it.each([
    ['is empty when all for it failed', ['failed', 'failed', 'copied', 'copied'], ['a']],
    ['is not empty when one got through', ['failed', 'copied', 'copied', 'copied'], []],
    ['is empty when the run was interrupted', ['copied', 'copied', 'interrupted', 'failed'], ['b']],
  ] as const)('%s', (_, statuses, empty) => {
    // The third was there before.
    const found = findEmpty(['a', 'b'], steps, ended(...statuses))
    expect(found.empty).toEqual(empty)
    expect(found.outcomes.flatMap(({ emptyRepository }) => emptyRepository ?? [])).toEqual(
      steps.map(({ repository }) => repository).filter((name) => empty.includes(name as never)),
    )
  })

  it('is not empty when a tag was put that could not be read afterwards', () => {
    const [outcome] = ended('failed')
    const outcomes = outcome ? [{ ...outcome, isTagged: true }] : []
    expect(findEmpty(['a'], steps, outcomes).empty).toEqual([])
  })

  it('is named in the summary with what to do', () => {
    const report = reportOf([outcomeOf('failed')], { repositoriesEmpty: ['a', 'b'] })
    expect(renderSummary(report).join('\n')).toContain(`
Created but empty (2 repositories):
  a
  b
  → rerun the same command to fill it, or delete it with cleanup-ecr.ts or aws ecr delete-repository
`)
  })
})
