import { failure, type Problem, type Result } from '../../model/problem.ts'
import { type Clock, systemClock } from './clock.ts'

/** The decision after an unsuccessful attempt: another one after some milliseconds, or the end. */
export type Next = { readonly again: number } | { readonly end: Problem }

/** @typeParam F result of an unsuccessful attempt: a problem, or the state of a pending operation */
export interface RepeatRules<F> {
  readonly signal: AbortSignal
  /** Classifies a result and schedules the next attempt. */
  readonly decide: (seen: F, attempts: number) => Next
  /**
   * Returns the problem for an interruption.
   *
   * @param seen the result of the last attempt; absent before the first one, which is made anyway if there is no
   *   problem, and sees the signal itself
   */
  readonly interrupted: (seen: F | undefined) => Problem | undefined
}

/** The result of all attempts. */
export interface Effort<T> {
  readonly attempts: number
  readonly result: Result<T>
}

/** Decides what follows an attempt, for a loop or for a queue that has other work meanwhile. */
export function afterAttempt<F>(seen: F, attempts: number, rules: RepeatRules<F>): Next {
  const end = rules.signal.aborted ? rules.interrupted(seen) : undefined
  return end === undefined ? rules.decide(seen, attempts) : { end }
}

/**
 * Repeats attempts until one succeeds, until more are pointless, or until the run is interrupted. All retries and waits
 * use this loop.
 */
export async function repeat<T, F>(
  attempt: () => Promise<Result<T, F>>,
  rules: RepeatRules<F> & {
    /** Default: the system clock. */
    readonly clock?: Clock
    /** Resolves when nothing besides the delay holds back the next attempt. */
    readonly ready?: () => Promise<void>
  },
): Promise<Effort<T>> {
  const { signal, interrupted, clock = systemClock, ready } = rules
  for (let attempts = 1; ; attempts += 1) {
    const early = signal.aborted ? interrupted(undefined) : undefined
    if (early !== undefined) return { attempts: attempts - 1, result: failure(early) }
    const result = await attempt()
    if (result.ok) return { attempts, result }
    const next = afterAttempt(result.problem, attempts, rules)
    if ('end' in next) return { attempts, result: failure(next.end) }
    await clock.pause(next.again, signal)
    await ready?.()
  }
}
