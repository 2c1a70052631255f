import type { RegistryLogin } from '../../aws/token.ts'
import { type Result, toResult, success } from '../../model/problem.ts'
import type { CredentialStore } from '../../tools/credentials/credentials.ts'

/** The login to the target, kept fresh for as long as the run takes. */
export interface Logins {
  /** A login that has not run out; the value names its generation. */
  readonly current: () => Promise<Result<number>>
  /** Says that ECR refused this generation; the next `current` gets a new token, once for all who say so. */
  readonly expire: (generation: number | undefined) => void
}

/** ECR's tokens live twelve hours. */
const usualLifetime = 12 * 60 * 60_000
/** The last quarter of an hour, or the last half of a shorter life, is left to copies that are under way. */
const reserve = 15 * 60_000

/** Logs in to `host` when asked for the first time, and again before the token runs out or when it is refused. */
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
