import type { Problem, Result } from '../../model/problem.ts'
import { type Effort, repeat } from '../../tools/pacing/repeat.ts'
import { judge, type RetryDecision } from '../../tools/pacing/retry.ts'
import type { RunDoors } from './doors.ts'
import { interrupted } from './request.ts'

/** The doors that retries of a run use. */
export type RetryDoors = Pick<
  RunDoors,
  'gate' | 'signal' | 'notify' | 'backoff' | 'logins' | 'clock'
>

/**
 * Retries until it succeeds or further attempts are pointless. `judge` decides about delays, host pauses and renewing
 * ECR's token. An abort ends it with the problem `interrupted`.
 */
export async function persist<T>(
  doors: RetryDoors,
  item: RetriedItem,
  tryOnce: () => Promise<Result<T>>,
): Promise<Effort<T>> {
  const { signal, logins, backoff, clock } = doors
  let renewed = false
  let login: Result<number> | undefined
  return repeat(
    async () => {
      login = await logins.current()
      return login.ok ? tryOnce() : login
    },
    {
      signal,
      clock,
      interrupted: () => interrupted,
      decide: (problem, attempts) => {
        const decision = judge(problem, attempts, renewed, backoff)
        if (!decision.retry) return { end: problem }
        renewed ||= decision.renew
        followRetry(doors, item, problem, decision, login?.ok ? login.value : undefined)
        return { again: decision.delay }
      },
      // Another request may have extended the pause meanwhile.
      ready: () => doors.gate(item.host).ready(),
    },
  )
}

/** The task that is retried, and the host that it reads from. */
export interface RetriedItem {
  readonly name: string
  readonly host: string
}

/**
 * Applies the side effects of a retry: reports it, pauses the host, and renews a login that ECR refused. The time of
 * the next attempt is part of the decision.
 */
export function followRetry(
  { notify, gate, backoff, logins }: Omit<RetryDoors, 'signal' | 'clock'>,
  { name, host }: RetriedItem,
  problem: Problem,
  { delay, pauseHost, renew }: Extract<RetryDecision, { readonly retry: true }>,
  login: number | undefined,
): void {
  notify({ kind: 'retry', name, delay, problem })
  // An item that continues with another route at once also pauses this host, for all items.
  if (pauseHost) gate(host).pause(delay || (problem.retryAfter ?? backoff.longest))
  if (renew) logins.expire(login)
}
