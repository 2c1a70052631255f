import { describe, expect, it } from 'vitest'
import { drawLive, type LiveItem } from '../../../scripts/lib/cli/live-lines.ts'
import { createRate } from '../../../scripts/lib/cli/rate.ts'

const big: LiveItem = { name: 'quay.io/a/big:1', since: 0, blobs: 12, bytes: 5 * 1024 * 1024 }
const fresh: LiveItem = { name: 'quay.io/a/fresh:1', since: 9000, blobs: 0, bytes: 0 }
const state = { items: [big, fresh], ended: 1, total: 4, bytes: 6 * 1024 * 1024, rate: 2048 }
const wide = { width: 80, height: 24 }

describe('the live lines', () => {
  it('show blobs, bytes and time of each item, and the bytes and rate of all', () => {
    expect(drawLive(state, 10_000, wide)).toEqual([
      '  quay.io/a/big:1    12 blobs  5.0 MiB  10 s',
      '  quay.io/a/fresh:1                      1 s',
      `${'█'.repeat(10)}${'░'.repeat(30)} 1/4  6.0 MiB, 2.0 KiB/s`,
    ])
  })

  it('say nothing of bytes that nobody knows', () => {
    const items = [{ ...big, bytes: 0 }]
    expect(drawLive({ ...state, items, bytes: 0, rate: 0 }, 10_000, wide)).toEqual([
      '  quay.io/a/big:1  12 blobs  10 s',
      `${'█'.repeat(10)}${'░'.repeat(30)} 1/4`,
    ])
  })

  it('keep both ends of a long name', () => {
    const items = [{ ...big, name: 'registry.example.com/a/very/long/path/to/an/image:1.2.3' }]
    const [line] = drawLive({ ...state, items }, 0, { width: 50, height: 24 })
    expect(line).toMatch(/^ {2}registry.+….+:1\.2\.3 {2}12 blobs {2}5\.0 MiB {2}0 s$/)
  })

  it.each([20, 25, 30, 40, 80, 200])('are never longer than %d columns', (width) => {
    const lines = drawLive(state, 10_000, { width, height: 24 })
    expect(lines).toHaveLength(3)
    expect(lines.filter((line) => line.length > width)).toEqual([])
    expect(lines.at(-1)).toContain('1/4')
  })

  it('leave room for what scrolls by', () => {
    const items = Array.from({ length: 50 }, () => big)
    expect(drawLive({ ...state, items }, 0, { width: 80, height: 10 })).toHaveLength(7)
    expect(drawLive({ ...state, items }, 0, { width: 80, height: 2 })).toHaveLength(2)
  })

  it('are none before anything is known', () => {
    expect(drawLive({ ...state, items: [], total: 0 }, 0, wide)).toEqual([])
  })
})

describe('the rate', () => {
  it.each([
    ['nothing', [], 10_000, 0],
    [
      'what came in the window',
      [
        [6000, 500],
        [9000, 500],
      ],
      10_000,
      200,
    ],
    [
      'not what came before it',
      [
        [1000, 9_000_000],
        [9000, 1000],
      ],
      10_000,
      200,
    ],
    ['the time since the beginning when that is shorter', [[1500, 3000]], 2000, 1500],
    ['a second at least', [[10, 1000]], 20, 1000],
    ['a pause that outlasts the window', [[1000, 1000]], 20_000, 0],
  ] as const)('is over %s', (_, blobs, now, bytesPerSecond) => {
    const rate = createRate(0)
    for (const [at, bytes] of blobs) rate.add(at, bytes)
    expect(rate.read(now)).toBe(bytesPerSecond)
  })
})
