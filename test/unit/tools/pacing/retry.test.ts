import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../../scripts/lib/tools/pacing/clock.ts'
import { createGate, createGates } from '../../../../scripts/lib/tools/pacing/gate.ts'
import { judge } from '../../../../scripts/lib/tools/pacing/retry.ts'

const { pause } = systemClock

describe('judge', () => {
  it.each([
    ['a missing image is never tried again', 'not-found', 'source', 1, false, { retry: false }],
    [
      'an immutable tag is never tried again',
      'tag-immutable',
      'target',
      1,
      false,
      { retry: false },
    ],
    ['a refusal of the source is final', 'unauthorized', 'source', 1, false, { retry: false }],
    [
      'a network error waits',
      'network',
      'source',
      1,
      false,
      { retry: true, delay: 1000, pauseHost: false },
    ],
    ['and longer the next time', 'network', 'source', 3, false, { retry: true, delay: 4000 }],
    [
      'a rate limit pauses the host',
      'rate-limited',
      'source',
      1,
      false,
      { retry: true, pauseHost: true },
    ],
    [
      'but not for a limit of the target',
      'rate-limited',
      'target',
      1,
      false,
      { retry: true, pauseHost: false },
    ],
    [
      'a token that ran out is renewed at once',
      'credentials-expired',
      'target',
      1,
      false,
      { retry: true, delay: 0, renew: true },
    ],
    ['but only once', 'credentials-expired', 'target', 2, true, { retry: false }],
    [
      'a deadline that ran out once may be a hiccup',
      'timeout',
      'unknown',
      1,
      false,
      { retry: true },
    ],
    ['but twice is a stall', 'timeout', 'unknown', 2, false, { retry: false }],
    ['a pull quota takes hours to come back', 'quota', 'source', 1, false, { retry: false }],
    ['the last attempt is the last', 'network', 'source', 5, false, { retry: false }],
  ] as const)('%s', (_, kind, side, attempt, renewed, verdict) => {
    expect(judge({ kind, side }, attempt, renewed, undefined, () => 0)).toMatchObject(verdict)
  })

  it('waits as long as a server asks for, within reason', () => {
    const limited = { kind: 'rate-limited', side: 'source' } as const
    expect(judge({ ...limited, retryAfter: 6_000 }, 1, false)).toMatchObject({ delay: 6_000 })
    expect(judge({ ...limited, retryAfter: 3_600_000 }, 1, false)).toEqual({ retry: false })
  })

  it('never waits longer than the longest delay and its jitter', () => {
    const backoff = { attempts: 99, first: 1000, longest: 5000 }
    const verdict = judge({ kind: 'network', side: 'source' }, 50, false, backoff, () => 1)
    expect(verdict).toMatchObject({ delay: 7500 })
  })
})

describe('gates', () => {
  const { signal } = new AbortController()

  it('admit no more at a time than they may', async () => {
    const gate = createGate({ concurrency: 2, interval: 0 }, signal)
    let now = 0
    let most = 0
    const task = async () => {
      now += 1
      most = Math.max(most, now)
      await pause(5, signal)
      now -= 1
    }
    await Promise.all(Array.from({ length: 6 }, () => gate.enter(task)))
    expect(most).toBe(2)
  })

  it('keep starts apart, and hold everything back while paused', async () => {
    const gate = createGate({ concurrency: 9, interval: 40 }, signal)
    gate.pause(60)
    const began = performance.now()
    const starts = await Promise.all(
      [0, 1, 2].map(() => gate.enter(async () => performance.now() - began)),
    )
    const [first = 0, second = 0, third = 0] = starts.toSorted((a, b) => a - b)
    expect(first).toBeGreaterThan(50)
    expect(second - first).toBeGreaterThan(30)
    expect(third - second).toBeGreaterThan(30)
  })

  it('hold back repetitions inside them while paused', async () => {
    const gate = createGate({ concurrency: 1, interval: 0 }, signal)
    const began = performance.now()
    await gate.enter(async () => {
      gate.pause(60)
      await gate.ready()
    })
    expect(performance.now() - began).toBeGreaterThan(50)
  })

  it('hold nothing back for longer than ten minutes', () => {
    const gate = createGate({ concurrency: 1, interval: 0 }, signal)
    gate.pause(31_536_000_000)
    expect(gate.readyAt() - Date.now()).toBeLessThanOrEqual(600_000)
  })

  it('are made once for each host', () => {
    const gates = createGates(() => ({ concurrency: 1, interval: 0 }), signal)
    expect(gates('a')).toBe(gates('a'))
    expect(gates('a')).not.toBe(gates('b'))
  })

  it('end a pause when the run is interrupted', async () => {
    const controller = new AbortController()
    const waiting = pause(60_000, controller.signal)
    controller.abort()
    await waiting
    expect(controller.signal.aborted).toBe(true)
  })
})
