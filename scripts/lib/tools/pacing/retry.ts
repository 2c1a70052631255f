import type { Problem, ProblemKind, Result } from '../../model/problem.ts'
import { repeat } from './repeat.ts'

/** What to do about a failed attempt. */
export type RetryDecision =
  | { readonly retry: false }
  /** Try again after `delay` milliseconds; `pauseHost` stops the whole source host for as long. */
  | {
      readonly retry: true
      readonly delay: number
      readonly pauseHost: boolean
      readonly renew: boolean
    }

export interface Backoff {
  /** Attempts in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled each time, with up to half as much again at random. */
  readonly first: number
  readonly longest: number
}

/** 5 attempts wait 1, 2, 4 and 8 s: 15 to 22 s in all, on top of the tools' own short retries. */
export const defaultBackoff: Backoff = { attempts: 5, first: 1_000, longest: 30_000 }

/** Ten minutes: whoever asks for more would be waited for in vain. */
export const longestWait = 600_000

const transient: ReadonlySet<ProblemKind> = new Set([
  'network',
  'server-error',
  'timeout',
  'rate-limited',
  'unknown',
])
const stale: ReadonlySet<ProblemKind> = new Set(['credentials-expired', 'unauthorized'])

/**
 * Decides by kind and side whether an attempt is repeated. What is missing or invalid never is; ECR's refusal of a
 * token is met by one renewal; a rate limit pauses the whole host.
 *
 * @param attempt number of the attempt that failed, from 1
 * @param renewed whether the target's token was renewed for this item already
 */
export function judge(
  problem: Pick<Problem, 'kind' | 'side' | 'retryAfter'>,
  attempt: number,
  renewed: boolean,
  backoff: Backoff = defaultBackoff,
  random: () => number = Math.random,
): RetryDecision {
  if (attempt >= backoff.attempts) return { retry: false }
  if (problem.side === 'target' && stale.has(problem.kind)) {
    return renewed ? { retry: false } : { retry: true, delay: 0, pauseHost: false, renew: true }
  }
  if (!transient.has(problem.kind)) return { retry: false }
  // A whole deadline is lost already; a second one tells a hiccup from a stall.
  if (problem.kind === 'timeout' && attempt >= 2) return { retry: false }
  const base = Math.min(backoff.first * 2 ** (attempt - 1), backoff.longest)
  const delay = Math.max(Math.round(base * (1 + random() / 2)), problem.retryAfter ?? 0)
  // A server that wants to be left alone for longer is met by the next run.
  if (delay > longestWait) return { retry: false }
  return {
    retry: true,
    delay,
    pauseHost: problem.kind === 'rate-limited' && problem.side !== 'target',
    renew: false,
  }
}

/** Tries until it works or there is no point, as `judge` says. The signal ends it with the last failure. */
export async function withRetry<T>(
  signal: AbortSignal,
  tryOnce: () => Promise<Result<T>>,
  backoff: Backoff = defaultBackoff,
): Promise<Result<T>> {
  const { result } = await repeat(tryOnce, {
    signal,
    interrupted: (problem) => problem,
    decide: (problem, attempts) => {
      const decision = judge(problem, attempts, true, backoff)
      return decision.retry ? { again: decision.delay } : { end: problem }
    },
  })
  return result
}
