import { describe, expect, it } from 'vitest'
import { drawTimeline } from '../../../../scripts/lib/mirror/report/timeline.ts'
import { outcomeOf } from '../../support/report.ts'

const at = (startedAt: number, milliseconds: number, rest = {}) =>
  outcomeOf('copied', { startedAt, milliseconds, ...rest })

describe('the timeline', () => {
  it.each([
    ['nothing', []],
    ['what was there or different', [outcomeOf('skipped'), outcomeOf('differs')]],
    ['what was never begun', [outcomeOf('interrupted', { attempts: 0 })]],
  ])('is left out for %s', (_, outcomes) => {
    expect(drawTimeline(outcomes, 1000)).toBeUndefined()
  })

  it('has a lane for each source, and a row for each copy that ran beside another', () => {
    const outcomes = [
      at(0, 4000),
      at(1000, 1000, { attempts: 3 }),
      at(5000, 5000),
      at(2500, 2500, { host: 'x.io', name: 'other' }),
    ]
    const timeline = drawTimeline(outcomes, 10_000)
    const [quay, other] = timeline?.lanes ?? []
    expect([quay?.host, quay?.items, other?.host]).toEqual(['quay.io', '3 items', 'x.io'])
    expect(quay?.bars.map(({ x, width }) => [x, width])).toEqual([
      ['0%', '40%'],
      ['10%', '10%'],
      ['50%', '50%'],
    ])
    const [first, second, third] = quay?.bars ?? []
    expect(third?.y).toBe(first?.y)
    expect(second?.y).toBeGreaterThan(first?.y ?? NaN)
    expect(other?.bars[0]?.y).toBeGreaterThan(second?.y ?? NaN)
    expect([first?.retried, second?.retried?.x]).toEqual([undefined, '15%'])
    expect(second?.text).toContain('copied, started at 1.0 s, size unknown, 1.0 s, 3 attempts')
  })

  it('keeps every bar visible and inside, also at the very end', () => {
    const timeline = drawTimeline([at(0, 0), at(100_000, 1)], 100_000)
    for (const { x, width } of timeline?.lanes.flatMap(({ bars }) => bars) ?? []) {
      expect(parseFloat(width)).toBeGreaterThan(0)
      expect(parseFloat(x) + parseFloat(width)).toBeLessThanOrEqual(100)
    }
  })

  it.each([
    [1, ['0']],
    [1500, ['0', '0.2 s', '0.4 s', '0.6 s', '0.8 s', '1.0 s', '1.2 s', '1.4 s']],
    [90_000, ['0', '15 s', '30 s', '45 s', '1:00 min', '1:15 min', '1:30 min']],
    [
      7_200_000,
      [
        '0',
        '15:00 min',
        '30:00 min',
        '45:00 min',
        '1:00 h',
        '1:15 h',
        '1:30 h',
        '1:45 h',
        '2:00 h',
      ],
    ],
  ])('of %d ms has round times below it', (milliseconds, texts) => {
    const ticks = drawTimeline([at(0, milliseconds)], milliseconds)?.ticks
    expect(ticks?.map(({ text }) => text)).toEqual(texts)
  })

  it('of five hundred copies side by side stays a few screens high', () => {
    const many = Array.from({ length: 500 }, (_, index) => at(index, 100_000))
    expect(drawTimeline(many, 100_500)?.height).toBeLessThan(2500)
  })
})
