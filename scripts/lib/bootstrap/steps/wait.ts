import { type Problem, ProblemError } from '../../model/problem.ts'
import { pause } from '../../tools/pacing/retry.ts'

/** What a look at something that takes its time has shown: it is over, or the state that it is in. */
export type WaitState<T> = { readonly done: T } | { readonly state: string }

export interface WaitOptions {
  /** What is waited for, as the error names it. */
  readonly what: string
  /** Milliseconds. */
  readonly deadline: number
  readonly signal: AbortSignal
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
  const { what, deadline, signal, tell, next } = options
  const began = performance.now()
  let interval = firstPause
  let told = { state: '', at: began }
  for (;;) {
    const sight = await look()
    if ('done' in sight) return sight.done
    const now = performance.now()
    if (sight.state !== told.state || now - told.at >= silence) {
      tell(sight.state, now - began)
      told = { state: sight.state, at: now }
    }
    if (now - began >= deadline) {
      throw new ProblemError({
        kind: 'timeout',
        side: 'target',
        message: `${what} was not done after ${Math.round(deadline / 1000)} s; it is ${sight.state}`,
        next,
      })
    }
    await pause(Math.min(interval, deadline - (now - began) + 1), signal)
    if (signal.aborted) {
      throw new ProblemError({
        kind: 'interrupted',
        side: 'local',
        message: `interrupted while waiting for ${what}; it goes on by itself`,
      })
    }
    interval = Math.min(interval * 1.5, longestPause)
  }
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
