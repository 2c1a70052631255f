import { describe, expect, it } from 'vitest'
import { keepLogin } from '../../../../scripts/lib/mirror/target/logins.ts'
import { persist } from '../../../../scripts/lib/mirror/session/persist.ts'
import type { MirrorEvent } from '../../../../scripts/lib/model/events.ts'
import {
  failure,
  type Problem,
  ProblemError,
  success,
} from '../../../../scripts/lib/model/problem.ts'
import { systemClock } from '../../../../scripts/lib/tools/pacing/clock.ts'
import { createGates } from '../../../../scripts/lib/tools/pacing/gate.ts'

const backoff = { attempts: 3, first: 1, longest: 2 }
const item = { name: 'quay.io/o/one:1', host: 'quay.io' }
const problem = (kind: Problem['kind'], side: Problem['side']): Problem => ({
  kind,
  side,
  message: kind,
})

function doors(authorize = async () => ({ username: 'AWS', password: 'x' })) {
  const controller = new AbortController()
  const events: MirrorEvent[] = []
  const saved: string[] = []
  const store = {
    set: async (_host: string, _user: string, password: string) => void saved.push(password),
  }
  return {
    controller,
    events,
    saved,
    gate: createGates(() => ({ concurrency: 1, interval: 0 }), controller.signal),
    signal: controller.signal,
    notify: (event: MirrorEvent) => void events.push(event),
    backoff,
    clock: systemClock,
    logins: keepLogin('r', authorize, store),
  }
}

describe('persist', () => {
  it('returns what worked, and how many tries it took', async () => {
    let tries = 0
    const effort = await persist(doors(), item, async () =>
      (tries += 1) < 3 ? failure(problem('network', 'source')) : success('done'),
    )
    expect(effort).toEqual({ attempts: 3, result: success('done') })
  })

  it('gives up after the last attempt with its problem, having told of each repetition', async () => {
    const place = doors()
    const effort = await persist(place, item, async () =>
      failure(problem('server-error', 'source')),
    )
    expect(effort).toMatchObject({ attempts: 3, result: { problem: { kind: 'server-error' } } })
    expect(place.events.filter(({ kind }) => kind === 'retry')).toHaveLength(2)
  })

  it('does not repeat what can never work', async () => {
    const effort = await persist(doors(), item, async () => failure(problem('not-found', 'source')))
    expect(effort.attempts).toBe(1)
  })

  it('renews a token that ECR refused once, and then gives up', async () => {
    let tokens = 0
    const place = doors(async () => ({ username: 'AWS', password: `token-${(tokens += 1)}` }))
    const effort = await persist(place, item, async () =>
      failure(problem('credentials-expired', 'target')),
    )
    expect(effort.attempts).toBe(2)
    expect(place.saved).toEqual(['token-1', 'token-2'])
  })

  it('renews once for all who were refused', async () => {
    let tokens = 0
    const place = doors(async () => ({ username: 'AWS', password: `token-${(tokens += 1)}` }))
    await Promise.all(
      [1, 2, 3].map(() => {
        let refused = false
        return persist(place, item, async () => {
          if (refused) return success('done')
          refused = true
          return failure(problem('credentials-expired', 'target'))
        })
      }),
    )
    expect(tokens).toBe(2)
  })

  it('ends as interrupted when the run is', async () => {
    const place = doors()
    const effort = await persist(place, item, async () => {
      place.controller.abort()
      return failure(problem('network', 'source'))
    })
    expect(effort.result).toMatchObject({ problem: { kind: 'interrupted' } })
    const late = await persist(place, item, async () => success('never'))
    expect(late).toMatchObject({ attempts: 0, result: { problem: { kind: 'interrupted' } } })
  })

  it('reports a login that is denied instead of trying without', async () => {
    const place = doors(async () => {
      throw new ProblemError(problem('access-denied', 'target'))
    })
    const effort = await persist(place, item, async () => success('never'))
    expect(effort.result).toMatchObject({ problem: { kind: 'access-denied' } })
  })
})

const silentStore = { set: async () => undefined }

describe('keepLogin', () => {
  it('logs in again before the token runs out', async () => {
    let now = 0
    let tokens = 0
    const authorize = async () => {
      tokens += 1
      return { username: 'AWS', password: 'x', expiresAt: new Date(now + 12 * 3_600_000) }
    }
    const logins = keepLogin('r', authorize, silentStore, () => now)
    for (const [hours, expected] of [
      [0, 1],
      [6, 1],
      [11.5, 1],
      [11.9, 2],
      [13, 2],
    ] as const) {
      now = hours * 3_600_000
      await logins.current()
      expect([hours, tokens]).toEqual([hours, expected])
    }
  })

  it('uses a token of a short life for half of it', async () => {
    let now = 1_800_000_000_000
    let tokens = 0
    const authorize = async () => {
      tokens += 1
      return { username: 'AWS', password: 'x', expiresAt: new Date(now + 10 * 60_000) }
    }
    const logins = keepLogin('r', authorize, silentStore, () => now)
    for (const expected of [1, 1, 2]) {
      await logins.current()
      expect(tokens).toBe(expected)
      now += 3 * 60_000
    }
  })
})
