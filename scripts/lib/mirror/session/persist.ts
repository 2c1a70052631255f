import type { Problem, Result } from '../../model/problem.ts'
import { type Effort, repeat } from '../../tools/pacing/repeat.ts'
import { judge, type RetryDecision } from '../../tools/pacing/retry.ts'
import type { RunDoors } from './doors.ts'
import { interrupted } from './request.ts'

/** What stands behind every repetition of a run. */
export type RetryDoors = Pick<
  RunDoors,
  'gate' | 'signal' | 'notify' | 'backoff' | 'logins' | 'clock'
>

/**
 * Tries until it works or there is no point: delays, host pauses and the renewal of ECR's token as `judge` says.
 * An abort ends it with the problem `interrupted`.
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
      // Others may have been told to wait longer meanwhile.
      ready: () => doors.gate(item.host).ready(),
    },
  )
}

/** What is tried again, and from where it reads. */
export interface RetriedItem {
  readonly name: string
  readonly host: string
}

/**
 * Does what a repetition means for everybody else: it is reported, the host rests, and the login that ECR refused is
 * renewed. Returns nothing: when the next attempt comes is in the decision.
 */
export function followRetry(
  { notify, gate, backoff, logins }: Omit<RetryDoors, 'signal' | 'clock'>,
  { name, host }: RetriedItem,
  problem: Problem,
  { delay, pauseHost, renew }: Extract<RetryDecision, { readonly retry: true }>,
  login: number | undefined,
): void {
  notify({ kind: 'retry', name, delay, problem })
  // Whoever goes on by another route at once leaves this one alone for a while, and so does everybody else.
  if (pauseHost) gate(host).pause(delay || (problem.retryAfter ?? backoff.longest))
  if (renew) logins.expire(login)
}
