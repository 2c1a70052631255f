import { describe, expect, it } from 'vitest'
import {
  makeReport,
  problemsOf,
  exitCodeOfReport,
} from '../../../../scripts/lib/mirror/report/report.ts'
import { formatDuration } from '../../../../scripts/lib/model/text/duration.ts'
import { renderSummary } from '../../../../scripts/lib/mirror/report/summary.ts'
import type { Outcome, Status } from '../../../../scripts/lib/model/events.ts'

const plan = {
  target: { registry: 'r', prefix: '' },
  existing: 'skip',
  create: ['a', 'b', 'c'],
  steps: [],
} as const
const prepared = { created: [], left: [], changed: [], faults: [] }
const run = { startedAt: new Date(0), milliseconds: 1234 }

function outcome(status: Status, rest: Partial<Outcome> = {}): Outcome {
  const times = { attempts: 1, blobs: 0, mounted: 0, startedAt: 0, milliseconds: 1 }
  return {
    kind: 'image',
    name: status,
    host: 'quay.io',
    destination: 'd',
    status,
    reason: '',
    ...times,
    ...rest,
  }
}

describe('the report', () => {
  it.each([
    [['copied', 'skipped'], 0, 'Done in 1.2 s.'],
    [['skipped'], 0, 'Nothing to do (1.2 s).'],
    [['copied', 'failed'], 1, '1 of 2 items needs attention'],
    [['differs'], 1, '1 of 1 item needs attention'],
    [['copied', 'interrupted', 'failed'], 130, 'Rerun the same command'],
  ] as const)('of %j ends with exit code %d', (statuses, code, words) => {
    const report = makeReport(
      plan,
      {
        ...prepared,
        created: [],
        outcomes: statuses.map((status) => outcome(status)),
        learned: new Map(),
      },
      run,
    )
    expect(exitCodeOfReport(report)).toBe(code)
    expect(renderSummary(report).join('\n')).toContain(words)
  })

  it('counts by source and says what was not compared', () => {
    const report = makeReport(
      plan,
      {
        ...prepared,
        // Of the three that were planned one could not be made.
        learned: new Map(),
        created: ['a', 'b'],
        outcomes: [
          outcome('skipped', { comparison: 'not-compared' }),
          outcome('copied', { kind: 'chart', host: 'x.io' }),
        ],
      },
      run,
    )
    expect(`${renderSummary(report).join('\n')}\n`).toBe(`
source   images  charts  copied  present
quay.io       1       0       0        1
x.io          0       1       1        0
all           1       1       1        1

2 repositories were created.
1 tag counts as present by name; rerun with --existing verify to compare with the source.
Done in 1.2 s.
`)
  })

  it('lists the problems of failures, not of interruptions', () => {
    const problem = { kind: 'network', side: 'source', message: 'lost' } as const
    const outcomes = [
      outcome('failed', { problem }),
      outcome('interrupted', { problem: { ...problem, kind: 'interrupted' } }),
    ]
    expect(problemsOf({ outcomes })).toEqual([problem])
  })

  it.each([
    [950, '0.9 s'],
    [59_940, '59.9 s'],
    [119_900, '1 min 59 s'],
  ])('says %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })
})
