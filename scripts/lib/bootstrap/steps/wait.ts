import { failure, type Problem, success, unwrap } from '../../model/problem.ts'
import { type Clock, systemClock } from '../../tools/pacing/clock.ts'
import { type Next, repeat } from '../../tools/pacing/repeat.ts'

/** What a look at something that takes its time has shown: it is over, or the state that it is in. */
export type WaitState<T> = { readonly done: T } | { readonly state: string }

/** How long one thing is waited for, what ends it early, and by which clock. */
export interface Patience {
  /** Milliseconds. */
  readonly deadline: number
  readonly signal: AbortSignal
  /** Default: that of the system. */
  readonly clock?: Clock
}

export interface WaitOptions extends Patience {
  /** What is waited for, as the error names it. */
  readonly what: string
  readonly tell: (state: string, milliseconds: number) => void
  /** What to do when it takes too long. */
  readonly next: string
}

const firstPause = 500
const longestPause = 15_000
/** A state that does not change is told again after so long: silence looks like a hanging program. */
const silence = 60_000

/**
 * Looks until it is done, at growing intervals, and tells every new state. Throws `ProblemError` when the deadline is
 * over or the run is interrupted; what is waited for goes on all the same.
 */
export async function waitFor<T>(
  options: WaitOptions,
  look: () => Promise<WaitState<T>>,
): Promise<T> {
  const { what, deadline, signal, tell, next, clock = systemClock } = options
  const began = clock.ticks()
  let interval = firstPause
  let told = { state: '', at: began }
  const tooLong = (state: string): Problem => ({
    kind: 'timeout',
    side: 'target',
    message: `${what} was not done after ${Math.round(deadline / 1000)} s; it is ${state}`,
    next,
  })
  const decide = (seen: string): Next => {
    const now = clock.ticks()
    if (seen !== told.state || now - told.at >= silence) {
      tell(seen, now - began)
      told = { state: seen, at: now }
    }
    if (now - began >= deadline) return { end: tooLong(seen) }
    const again = Math.min(interval, deadline - (now - began) + 1)
    interval = Math.min(interval * 1.5, longestPause)
    return { again }
  }
  const { result } = await repeat(
    async () => {
      const sight = await look()
      return 'done' in sight ? success(sight.done) : failure(sight.state)
    },
    {
      signal,
      clock,
      decide,
      interrupted: () => ({
        kind: 'interrupted',
        side: 'local',
        message: `interrupted while waiting for ${what}; it goes on by itself`,
      }),
    },
  )
  return unwrap(result)
}

const passing: ReadonlySet<Problem['kind']> = new Set([
  'network',
  'timeout',
  'server-error',
  'rate-limited',
])

/** True for what may be over at the next look: a wait of an hour must not end with one lost connection. */
export function isPassing({ kind }: Problem): boolean {
  return passing.has(kind)
}
