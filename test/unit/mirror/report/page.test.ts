import { describe, expect, it } from 'vitest'
import { busyTime, viewReport } from '../../../../scripts/lib/mirror/report/page.ts'
import type { Report } from '../../../../scripts/lib/mirror/report/report.ts'
import type { Outcome } from '../../../../scripts/lib/model/events.ts'
import type { Problem } from '../../../../scripts/lib/model/problem.ts'
import { outcomeOf, reportOf } from '../../support/report.ts'

const lost: Problem = { kind: 'network', side: 'source', message: 'lost', next: 'run again' }
const gone: Problem = { kind: 'not-found', side: 'source', message: 'gone', next: 'run again' }
const copied = outcomeOf('copied', { bytes: 2048, mounted: 1, mountedBytes: 1024, blobs: 2 })
const unknown = outcomeOf('copied', { name: 'quay.io/a/unknown:1', blobs: 3 })
const chart = outcomeOf('copied', { kind: 'chart', name: 'chart web 1.2.3', host: 'charts.io' })
const failed = outcomeOf('failed', { problem: lost, attempts: 3, charts: ['web'] })
const skipped = outcomeOf('skipped', { reason: 'present, not compared' })
const interrupted = outcomeOf('interrupted', {
  problem: { kind: 'interrupted', side: 'local', message: 'interrupted' },
})

const view = (...outcomes: readonly Outcome[]) => viewReport(reportOf(outcomes))

describe('the sentence at the top', () => {
  const settings = { drift: [], update: false, changed: [], left: [], problems: [lost] }
  const rows: readonly (readonly [readonly Outcome[], Partial<Report>, string, string])[] = [
    [[copied, skipped], {}, 'good', 'Everything is present: copied 1 of 2 items.'],
    [[skipped], {}, 'good', 'Nothing to do: everything is up to date (1 item).'],
    [[copied, failed], {}, 'bad', '1 of 2 items needs attention.'],
    [[copied], { repositories: settings }, 'bad', '1 repository setting could not be applied.'],
    [[copied, interrupted, failed], {}, 'open', 'Interrupted: 1 of 3 items are present.'],
    [[], {}, 'good', 'Nothing to do: everything is up to date (0 items).'],
  ]
  it.each(rows)('of %j with %j is %s: %s', (outcomes, rest, tone, text) => {
    const { outcome } = viewReport(reportOf(outcomes, rest))
    expect(outcome.tone).toBe(tone)
    expect(outcome.text.startsWith(text)).toBe(true)
  })
})

describe('bytes', () => {
  it.each([
    ['are summed where they are known', [copied, copied], '4.0 KiB', ''],
    ['name what is missing in the sum', [copied, unknown, chart], '2.0 KiB', 'and 2 unknown'],
    ['are unknown rather than none', [unknown], 'unknown', ''],
    ['of known content that had all been mounted are none', [{ ...copied, bytes: 0 }], '0 B', ''],
    ['of nothing that was moved are a dash', [skipped, failed], '–', ''],
  ] as const)('%s', (_, outcomes, value, note) => {
    expect(view(...outcomes).total.sent).toEqual({ value, note })
  })

  it('of a single item are told in its row', () => {
    const [images] = view(copied, unknown).tables
    expect(images?.rows.map(({ facts }) => facts)).toEqual([
      '2.0 KiB sent, 1.0 KiB mounted, 1.0 s',
      '3 blobs sent, size unknown, 1.0 s',
    ])
  })
})

describe('sources', () => {
  it('have a line each, in order, and one for all', () => {
    const { sources, total } = view(copied, failed, skipped, chart)
    const figures = [...sources, total].map(({ source, items, copied: done, present, others }) => [
      source,
      items,
      done,
      present,
      others,
    ])
    expect(figures).toEqual([
      ['charts.io', 1, 1, 0, 0],
      ['quay.io', 3, 1, 1, 1],
      ['all', 4, 2, 1, 1],
    ])
  })

  it.each([
    ['side by side', [0, 1000], [500, 1000], 1500],
    ['one within another', [0, 1000], [200, 300], 1000],
    ['with a gap between them', [100, 400], [900, 100], 500],
  ] as const)('are busy only once for copies %s', (_, first, second, time) => {
    const spans = [second, first].map(([startedAt, milliseconds]) => ({
      ...copied,
      startedAt,
      milliseconds,
    }))
    expect(busyTime(spans)).toBe(time)
  })
})

describe('what needs attention', () => {
  it('stands together by cause and next step, without saying a name twice', () => {
    const other = { ...failed, name: 'x', problem: { ...lost, subject: 'x', detail: 'EOF' } }
    const { problems } = view(failed, copied, { ...failed, problem: gone }, other)
    expect(problems.map(({ cause, next, size }) => [cause, next, size])).toEqual([
      ['Network failure at the source', 'run again', 2],
      ['Not found at the source', 'run again', 1],
    ])
    expect(
      problems[0]?.items.map(({ message, retries, charts, detail }) => [
        message,
        retries,
        charts,
        detail,
      ]),
    ).toEqual([
      ['lost', '3 attempts', 'web', ''],
      ['lost', '3 attempts', 'web', 'EOF'],
    ])
  })

  it('has a next step even for a failure without a reason', () => {
    const { problems } = view(outcomeOf('failed'))
    expect(problems).toMatchObject([{ cause: 'Unknown cause', next: 'rerun the same command' }])
  })

  it('is not what was interrupted, which is named by itself', () => {
    const { problems, unfinished } = view(copied, interrupted)
    expect([problems, unfinished]).toEqual([
      [],
      { size: '1 item', isLong: false, names: [interrupted.name] },
    ])
  })
})

describe('tables of items', () => {
  it('say which charts use an image, and which images a chart', () => {
    const image = { ...copied, charts: ['web', 'api'], digest: 'sha256:1' }
    const [images, charts] = view(image, chart).tables
    expect(images?.rows).toMatchObject([{ related: ['web', 'api'], digest: 'sha256:1' }])
    expect(charts?.rows).toMatchObject([{ name: 'chart web 1.2.3', related: [image.name] }])
  })

  it('are left out when empty, and begin folded when long', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...copied, name: `image ${index}` }))
    expect(view(...many).tables).toMatchObject([{ id: 'images', isLong: true, size: '500 images' }])
    expect(view(copied).tables).toMatchObject([{ id: 'images', isLong: false, size: '1 image' }])
  })
})

describe('repositories', () => {
  const difference = {
    setting: 'scanOnPush',
    is: 'false',
    wanted: 'true',
    changeable: true,
  } as const
  const drift = (changeable: boolean) => [
    { repository: 'a', arn: 'arn', differences: [{ ...difference, changeable }] },
  ]
  it.each([
    [
      'says what changes it',
      true,
      false,
      [],
      'unchanged: rerun with --update-repositories to change it',
    ],
    ['says that it was changed', true, true, ['a'], 'changed'],
    ['says that it was not changed', true, true, [], 'not changed'],
    ['says that nothing can', false, true, ['a'], 'unchanged: ECR cannot change it'],
  ] as const)('drift %s', (_, changeable, update, changed, fate) => {
    const repositories = { drift: drift(changeable), update, changed, left: [], problems: [] }
    const { repositories: shown } = viewReport(reportOf([copied], { repositories }))
    expect(shown.drift).toEqual([
      { repository: 'a', setting: 'scan on push', is: 'false', wanted: 'true', fate },
    ])
  })

  it('that were created, changed or left are listed, the others not', () => {
    expect(view(copied).repositories).toEqual({ hasAny: false, lists: [], drift: [] })
    const { repositories } = viewReport(reportOf([copied], { repositoriesCreated: ['a', 'b'] }))
    expect(repositories.lists).toEqual([
      { title: 'Created', size: 2, isLong: false, names: ['a', 'b'] },
    ])
  })
})
