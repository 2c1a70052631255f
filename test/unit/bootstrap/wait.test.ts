import { describe, expect, it } from 'vitest'
import { isTransient, type WaitState, waitFor } from '../../../scripts/lib/bootstrap/wait.ts'
import { passingClock } from '../tools/pacing/passing-clock.ts'

const minute = 60_000

describe('Waiting', () => {
  /** Waits for what shows these sights, one after the other; the last one for ever. */
  async function wait(sights: readonly WaitState<string>[], { deadline = 60 * minute } = {}) {
    const told: string[] = []
    const pauses: number[] = []
    const { signal } = new AbortController()
    const clock = passingClock(pauses)
    let looks = 0
    const look = async () => {
      const sight = sights[Math.min(looks, sights.length - 1)]
      looks += 1
      if (sight === undefined) throw new Error('there is nothing to see')
      return sight
    }
    const tell = (state: string) => void told.push(state)
    const options = { what: 'it', deadline, signal, tell, next: 'look again', clock }
    const ending = await waitFor(options, look).catch((error: unknown) => error)
    return { ending, told, looks, pauses }
  }

  it('ends at the first look when it is done', async () => {
    expect(await wait([{ done: 'yes' }])).toStrictEqual({
      ending: 'yes',
      told: [],
      looks: 1,
      pauses: [],
    })
  })

  it('tells every new state once', async () => {
    const { told, ending } = await wait([
      { state: 'a' },
      { state: 'a' },
      { state: 'b' },
      { done: 'x' },
    ])
    expect(told).toStrictEqual(['a', 'b'])
    expect(ending).toBe('x')
  })

  it('tells an old state again after a minute', async () => {
    const { told } = await wait([{ state: 'a' }], { deadline: 3 * minute + 1_000 })
    expect(told).toStrictEqual(['a', 'a', 'a'])
  })

  it('looks often at first, then every 15 seconds, and once more at the deadline', async () => {
    const { pauses } = await wait([{ state: 'a' }], { deadline: 5 * minute })
    expect(pauses.slice(0, 3)).toStrictEqual([500, 750, 1125])
    expect(pauses.slice(10, -1).every((one) => one === 15_000)).toBe(true)
    expect(pauses.reduce((sum, one) => sum + one, 0)).toBe(5 * minute + 1)
  })

  it('gives up at the deadline with the last state and what to do', async () => {
    const { ending } = await wait([{ state: 'a' }, { state: 'b' }], { deadline: 10_000 })
    expect(ending).toMatchObject({
      problems: [
        {
          kind: 'timeout',
          message: 'timed out waiting for it after 10 s; last state: b',
          next: 'look again',
        },
      ],
    })
  })

  it('throws what a look throws', async () => {
    const { ending } = await wait([])
    expect(ending).toMatchObject({ message: 'there is nothing to see' })
  })
})

it.each([
  ['network', true],
  ['timeout', true],
  ['server-error', true],
  ['rate-limited', true],
  ['access-denied', false],
  ['not-found', false],
  ['interrupted', false],
] as const)('%s may be over at the next look: %s', (kind, expected) => {
  expect(isTransient({ kind, side: 'target', message: '' })).toBe(expected)
})
