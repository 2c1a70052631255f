import { failure, type Problem, success, unwrap } from '../model/problem.ts'
import { type Clock, systemClock } from '../tools/pacing/clock.ts'
import { type Next, repeat } from '../tools/pacing/repeat.ts'

/** The result of a poll: done, or the current state. */
export type WaitState<T> = { readonly done: T } | { readonly state: string }

/** The timeout of a wait, its signal and its clock. */
export interface WaitLimits {
  /** Milliseconds. */
  readonly deadline: number
  readonly signal: AbortSignal
  /** Default: the system clock. */
  readonly clock?: Clock
}

export interface WaitOptions extends WaitLimits {
  /** The subject of the wait, for the error. */
  readonly what: string
  readonly tell: (state: string, milliseconds: number) => void
  /** Advice for when it takes too long. */
  readonly next: string
}

const firstPause = 500
const longestPause = 15_000
/** An unchanged state is reported again after this time: silence looks like a hanging program. */
const silence = 60_000

/**
 * Polls at growing intervals until done, and reports every new state. Throws `ProblemError` when the deadline passes or
 * the run is interrupted; the operation itself continues.
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
    message: `timed out waiting for ${what} after ${Math.round(deadline / 1000)} s; last state: ${state}`,
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
        message: `interrupted while waiting for ${what}; the operation continues`,
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

/** Returns true for a problem that may disappear before the next poll: one lost connection must not end a long wait. */
export function isTransient({ kind }: Problem): boolean {
  return passing.has(kind)
}
