import type { RegistryLogin } from '../../aws/token.ts'
import { type Result, toResult, success } from '../../model/problem.ts'
import type { CredentialStore } from '../../tools/credentials/credentials.ts'

/** The login to the target, renewed throughout the run. */
export interface Logins {
  /** Provides a login that has not expired. Returns its generation. */
  readonly current: () => Promise<Result<number>>
  /** Reports that ECR refused this generation; the next `current` fetches a new token, once for all reports. */
  readonly expire: (generation: number | undefined) => void
}

/**
 * Keeps the logins of sources beside that of the target. A source without a login is read anonymously, and then says what
 * is missing.
 */
export function withSources(target: Logins, sources: readonly Logins[]): Logins {
  if (sources.length === 0) return target
  return {
    current: async () => {
      await Promise.all(sources.map((source) => source.current()))
      return target.current()
    },
    expire: target.expire,
  }
}

/** ECR's tokens are valid for twelve hours. */
const usualLifetime = 12 * 60 * 60_000
/** The last 15 minutes, or the last half of a shorter lifetime, are reserved for copies in progress. */
const reserve = 15 * 60_000

/** Logs in to `host` on first use, and again before the token expires or when it is refused. */
export function keepLogin(
  host: string,
  authorize: () => Promise<RegistryLogin>,
  store: Pick<CredentialStore, 'set'>,
  now: () => number = Date.now,
): Logins {
  let generation = 0
  let renewAt = 0
  let pending: Promise<Result<number>> | undefined

  const renew = async () => {
    const login = await authorize()
    await store.set(host, login.username, login.password)
    const lifetime = (login.expiresAt?.getTime() ?? now() + usualLifetime) - now()
    renewAt = now() + lifetime - Math.min(reserve, lifetime / 2)
    generation += 1
    return generation
  }
  return {
    current: async () => {
      if (generation > 0 && now() < renewAt) return success(generation)
      pending ??= toResult(renew()).finally(() => (pending = undefined))
      return pending
    },
    expire: (refused) => {
      if (refused === generation) renewAt = 0
    },
  }
}
