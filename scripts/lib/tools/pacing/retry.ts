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
  /** Total attempts, including the first. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled each time, plus a random part of up to half. */
  readonly first: number
  readonly longest: number
}

/** 5 attempts with waits of 1, 2, 4 and 8 s: 15 to 22 s in total, in addition to the tools' own short retries. */
export const defaultBackoff: Backoff = { attempts: 5, first: 1_000, longest: 30_000 }

/** Ten minutes: a longer requested delay ends the attempts. */
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
 * Decides by kind and side whether an attempt is repeated. Missing or invalid items never are; a token that ECR refused
 * is renewed once; a rate limit pauses the whole host.
 *
 * @param attempt number of the attempt that failed, from 1
 * @param renewed whether the target's token was already renewed for this item
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
  // A full deadline has already passed; one more attempt distinguishes a hiccup from a stall.
  if (problem.kind === 'timeout' && attempt >= 2) return { retry: false }
  const base = Math.min(backoff.first * 2 ** (attempt - 1), backoff.longest)
  const delay = Math.max(Math.round(base * (1 + random() / 2)), problem.retryAfter ?? 0)
  // For a longer requested delay, the user has to rerun later.
  if (delay > longestWait) return { retry: false }
  return {
    retry: true,
    delay,
    pauseHost: problem.kind === 'rate-limited' && problem.side !== 'target',
    renew: false,
  }
}

/**
 * Retries as `judge` decides, until it succeeds or more attempts are pointless. An abort ends it with the last failure.
 */
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
