import type { Ecr } from '../../aws/ecr/client.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import type { Origin } from '../../model/origin.ts'
import type { Problem, Result } from '../../model/problem.ts'
import type { Run } from '../../tools/process/exec.ts'
import type { Gate } from '../../tools/pacing/gate.ts'
import type { Http } from '../../tools/http/types.ts'
import type { ToolSurroundings } from '../../tools/process/surroundings.ts'
import { type Effort, repeat } from '../../tools/pacing/repeat.ts'
import { type Backoff, judge, type RetryDecision } from '../../tools/pacing/retry.ts'
import type { Notify } from '../../model/events.ts'
import type { Content } from '../../model/image/content.ts'
import type { RegistryClient } from '../../tools/registry/client.ts'
import type { Logins } from '../target/logins.ts'
import type { SourceMirrors } from '../sources/routes.ts'

/** The doors through which a mirror touches the world. Made once for a run, and replaced in tests. */
export interface Doors {
  readonly run: Run
  readonly http: Http
  readonly ecr: Ecr
  readonly registry: EcrRegistry
  readonly logins: Logins
  /** A private folder that goes when the run ends. */
  readonly workFolder: string
  /** Where crane and helm run, and with what environment: it leads to the credentials file. */
  readonly surroundings: Pick<ToolSurroundings, 'crane' | 'helm'>
  /** Paths of the tools. */
  readonly crane: string
  readonly helm: string
  readonly registries: RegistryClient
  readonly mirrors: SourceMirrors
  /** Where what is mirrored is named. */
  readonly origin: Origin
  /** What images consist of, by their digest at the source; grows while the run learns. */
  readonly contents: Map<string, Content>
  /** Pulls that Docker Hub still admits, as its last answer said. */
  readonly pulls: { left?: number }
  readonly gate: (host: string) => Gate
  readonly signal: AbortSignal
  readonly notify: Notify
  readonly backoff: Backoff
  /** Let an immutable tag that differs go and put it anew. */
  readonly replaceImmutable: boolean
  /** Milliseconds that one copy may take, if the user has set that. */
  readonly deadline: number | undefined
}

/** What stands behind every repetition of a run. */
export type RetryDoors = Pick<Doors, 'gate' | 'signal' | 'notify' | 'backoff' | 'logins'>

/**
 * Tries until it works or there is no point: delays, host pauses and the renewal of ECR's token as `judge` says.
 * An abort ends it with the problem `interrupted`.
 */
export async function persist<T>(
  doors: RetryDoors,
  item: RetriedItem,
  tryOnce: () => Promise<Result<T>>,
): Promise<Effort<T>> {
  const { signal, logins, backoff } = doors
  let renewed = false
  let login: Result<number> | undefined
  return repeat(
    async () => {
      login = await logins.current()
      return login.ok ? tryOnce() : login
    },
    {
      signal,
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
  { notify, gate, backoff, logins }: Omit<RetryDoors, 'signal'>,
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

export const interrupted: Problem = {
  kind: 'interrupted',
  side: 'local',
  message: 'interrupted before it was finished',
  next: 'run the same command again; what is finished is not copied twice',
}
