import { describe, expect, it } from 'vitest'
import {
  failure,
  type Problem,
  type Result,
  success,
} from '../../../../scripts/lib/model/problem.ts'
import { type Next, repeat } from '../../../../scripts/lib/tools/pacing/repeat.ts'
import { defaultBackoff, withRetry } from '../../../../scripts/lib/tools/pacing/retry.ts'
import { passingClock } from './passing-clock.ts'

const lost: Problem = { kind: 'network', side: 'source', message: 'lost' }
const gone: Problem = { kind: 'not-found', side: 'source', message: 'gone' }
const stopped: Problem = { kind: 'interrupted', side: 'local', message: 'stopped' }

type Event = 'fails' | 'works' | 'aborts' | 'aborts and works'

interface Case {
  readonly name: string
  /** What each attempt does; one more is an error of the engine. */
  readonly attempts: readonly Event[]
  readonly isAborted?: boolean
  /** The attempt after whose failure the run is interrupted while it waits. */
  readonly abortInPause?: number
  /** Whether an interruption has a problem of its own. */
  readonly hasOwnProblem?: boolean
  readonly expected: { readonly attempts: number; readonly result: Result<string> }
  readonly pauses: readonly number[]
}

const cases: readonly Case[] = [
  {
    name: 'ends with the first success',
    attempts: ['fails', 'fails', 'works'],
    expected: { attempts: 3, result: success('done') },
    pauses: [10, 20],
  },
  {
    name: 'gives up when the schedule has no further attempt, with the problem that was decided on',
    attempts: ['fails', 'fails', 'fails'],
    expected: { attempts: 3, result: failure(gone) },
    pauses: [10, 20],
  },
  {
    name: 'makes no attempt after an interruption that has a problem of its own',
    attempts: [],
    isAborted: true,
    hasOwnProblem: true,
    expected: { attempts: 0, result: failure(stopped) },
    pauses: [],
  },
  {
    name: 'leaves an early interruption to the attempt otherwise',
    attempts: ['fails'],
    isAborted: true,
    expected: { attempts: 1, result: failure(lost) },
    pauses: [],
  },
  {
    name: 'is interrupted during an attempt, whatever that says',
    attempts: ['fails', 'aborts'],
    hasOwnProblem: true,
    expected: { attempts: 2, result: failure(stopped) },
    pauses: [10],
  },
  {
    name: 'keeps a success that an interruption came too late for',
    attempts: ['aborts and works'],
    hasOwnProblem: true,
    expected: { attempts: 1, result: success('done') },
    pauses: [],
  },
  {
    name: 'is interrupted during a pause',
    attempts: ['fails'],
    abortInPause: 1,
    hasOwnProblem: true,
    expected: { attempts: 1, result: failure(stopped) },
    pauses: [10],
  },
]

describe('Repeating', () => {
  it.each(cases)('$name', async ({ attempts, isAborted, abortInPause, hasOwnProblem, ...end }) => {
    const controller = new AbortController()
    if (isAborted) controller.abort()
    const pauses: number[] = []
    const left = [...attempts]
    const effort = await repeat(
      async () => {
        const event = left.shift()
        if (event === undefined) throw new Error('unexpected attempt')
        if (event.startsWith('aborts')) controller.abort()
        return event.endsWith('works') ? success('done') : failure(lost)
      },
      {
        signal: controller.signal,
        clock: passingClock(pauses),
        decide: (_, count): Next => (count < 3 ? { again: count * 10 } : { end: gone }),
        interrupted: (seen) => (hasOwnProblem ? stopped : seen),
        ready: async () => {
          if (pauses.length === abortInPause) controller.abort()
        },
      },
    )
    expect({ ...effort, pauses, left }).toStrictEqual({
      ...end.expected,
      pauses: end.pauses,
      left: [],
    })
  })

  it('lets a bug through at once', async () => {
    const bug = new TypeError('a bug')
    const broken = () => Promise.reject(bug)
    await expect(withRetry(new AbortController().signal, broken, defaultBackoff)).rejects.toBe(bug)
  })
})
