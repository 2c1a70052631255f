import { failure, type Problem, type Result } from '../../model/problem.ts'
import { type Clock, systemClock } from './clock.ts'

/** What follows from an attempt that has not succeeded: another one after so many milliseconds, or the end. */
export type Next = { readonly again: number } | { readonly end: Problem }

/** @typeParam F what an attempt shows that has not succeeded: a problem, or the state of something that takes its time */
export interface RepeatRules<F> {
  readonly signal: AbortSignal
  /** Classifies what was seen, and schedules the next attempt. */
  readonly decide: (seen: F, attempts: number) => Next
  /**
   * The problem that an interruption ends it with.
   *
   * @param seen what the last attempt has shown; nothing before an attempt, which is made all the same when there is no
   *   problem for it, and sees the signal itself
   */
  readonly interrupted: (seen: F | undefined) => Problem | undefined
}

/** What became of all attempts. */
export interface Effort<T> {
  readonly attempts: number
  readonly result: Result<T>
}

/** What follows from an attempt, whoever waits for the next one: a loop, or a queue that has other work meanwhile. */
export function afterAttempt<F>(seen: F, attempts: number, rules: RepeatRules<F>): Next {
  const end = rules.signal.aborted ? rules.interrupted(seen) : undefined
  return end === undefined ? rules.decide(seen, attempts) : { end }
}

/**
 * Attempts until it works, until there is no point, or until the run is interrupted: the one loop behind every retry
 * and every wait.
 */
export async function repeat<T, F>(
  attempt: () => Promise<Result<T, F>>,
  rules: RepeatRules<F> & {
    /** Default: that of the system. */
    readonly clock?: Clock
    /** Resolves when nothing beside the delay holds the next attempt back. */
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
