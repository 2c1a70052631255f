import { defaultProvider } from '@aws-sdk/credential-provider-node'
import type { ProxyAgent } from 'proxy-agent'
import { ProblemError } from '../model/problem.ts'
import { callAws } from './problem.ts'
import { callSettings } from './settings.ts'

/** Shared by the clients of one region. Endpoints, FIPS and dual-stack follow the environment or the profile. */
export interface AwsSession {
  readonly region: string
  readonly agent: ProxyAgent
  readonly signal: AbortSignal
}

/** An SDK client, as far as this folder uses it. */
interface Client {
  destroy(): void
}

/** Sends the calls of one service. */
export interface Caller<C extends Client> {
  /**
   * @param call the API call in IAM's spelling, such as `eks:DescribeCluster`
   * Throws `ProblemError` for every failure.
   */
  readonly send: <T>(
    call: string,
    send: (client: C, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ) => Promise<T>
  readonly client: () => C
  readonly close: () => void
}

function settingsOf({ region, agent }: AwsSession, isRenewed: boolean) {
  return {
    region,
    ...callSettings(agent),
    ...(isRenewed && { credentials: defaultProvider({ ignoreCache: true }) }),
  }
}

type Settings = ReturnType<typeof settingsOf>

/**
 * Opens a client whose credentials can be renewed during its life: the SDK refreshes credentials of roles, but caches
 * those from files for the life of the process. When a call fails with expired credentials, a new client reads them
 * again, and the call is repeated once.
 */
export function createCaller<C extends Client>(
  session: AwsSession,
  open: (settings: Settings) => C,
): Caller<C> {
  let client = open(settingsOf(session, false))
  const options = { abortSignal: session.signal }
  return {
    client: () => client,
    close: () => client.destroy(),
    async send(call, send) {
      const used = client
      try {
        return await callAws(call, () => send(used, options))
      } catch (error) {
        if (!isExpired(error)) throw error
        // Another call may have met the same expiry and opened a new client meanwhile. The old one is not destroyed:
        // that would end the calls of all clients that share its agent.
        if (client === used) client = openAnew(session, open)
        return callAws(call, () => send(client, options))
      }
    },
  }
}

/** Opens a client that reads the credentials again, from any source. */
export function openAnew<C>(session: AwsSession, open: (settings: Settings) => C): C {
  return open(settingsOf(session, true))
}

function isExpired(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    error.problems.some(({ kind }) => kind === 'credentials-expired')
  )
}

/** Collects all pages of a listing. */
export async function allPages<P, T>(
  read: (token: string | undefined) => Promise<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
  tokenOf: (page: P) => string | undefined,
): Promise<T[]> {
  const items: T[] = []
  let token: string | undefined
  do {
    const page = await read(token)
    items.push(...(itemsOf(page) ?? []))
    token = tokenOf(page)
  } while (token !== undefined && token !== '')
  return items
}
