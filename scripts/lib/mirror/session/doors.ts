import type { Ecr } from '../../aws/ecr/client.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import type { Origin } from '../../model/origin.ts'
import { failure, type Problem, type Result } from '../../model/problem.ts'
import type { Run } from '../../tools/process/exec.ts'
import type { Gate } from '../../tools/pacing/gate.ts'
import type { Http } from '../../tools/http/types.ts'
import type { ToolSurroundings } from '../../tools/process/surroundings.ts'
import { type Backoff, judge, pause } from '../../tools/pacing/retry.ts'
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

export interface Effort<T> {
  readonly attempts: number
  readonly result: Result<T>
}

/**
 * Tries until it works or there is no point: delays, host pauses and the renewal of ECR's token as `judge` says.
 * An abort ends it with the problem `interrupted`.
 */
export async function persist<T>(
  doors: Pick<Doors, 'gate' | 'signal' | 'notify' | 'backoff' | 'logins'>,
  item: { readonly name: string; readonly host: string },
  tryOnce: () => Promise<Result<T>>,
): Promise<Effort<T>> {
  const { signal, logins, notify } = doors
  let renewed = false
  for (let attempts = 1; ; attempts += 1) {
    if (signal.aborted) return { attempts: attempts - 1, result: failure(interrupted) }
    const login = await logins.current()
    const result = !login.ok ? login : await tryOnce()
    if (result.ok) return { attempts, result }
    if (signal.aborted) return { attempts, result: failure(interrupted) }
    const verdict = judge(result.problem, attempts, renewed, doors.backoff)
    if (!verdict.retry) return { attempts, result }
    notify({ kind: 'retry', name: item.name, delay: verdict.delay, problem: result.problem })
    if (verdict.pauseHost) doors.gate(item.host).pause(verdict.delay)
    if (verdict.renew) {
      renewed = true
      logins.expire(login.ok ? login.value : undefined)
    }
    await pause(verdict.delay, signal)
    // Others may have been told to wait longer meanwhile.
    await doors.gate(item.host).ready()
  }
}

export const interrupted: Problem = {
  kind: 'interrupted',
  side: 'local',
  message: 'interrupted before it was finished',
  next: 'run the same command again; what is finished is not copied twice',
}
