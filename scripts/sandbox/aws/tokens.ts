import { randomBytes } from 'node:crypto'

/** Registry passwords as AWS issues them: they expire, and only issued ones are valid. */
export interface TokenBook {
  issue(): { readonly password: string; readonly expiresAt: number }
  check(password: string): 'valid' | 'expired' | 'unknown'
  /** Expires every token issued so far. */
  expireAll(): void
}

const lifetime = 12 * 60 * 60 * 1000

export function createTokenBook(now: () => number): TokenBook {
  const issued = new Map<string, number>()
  return {
    issue() {
      const password = randomBytes(48).toString('base64url')
      const expiresAt = now() + lifetime
      issued.set(password, expiresAt)
      return { password, expiresAt }
    },
    check(password) {
      const expiresAt = issued.get(password)
      if (expiresAt === undefined) return 'unknown'
      return expiresAt > now() ? 'valid' : 'expired'
    },
    expireAll() {
      for (const password of issued.keys()) issued.set(password, 0)
    },
  }
}

/** Returns the user and password of a `Basic` authorization header; `undefined` for any other header. */
export function parseBasic(
  header: string | undefined,
): { readonly user: string; readonly password: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString()
  const colon = decoded.indexOf(':')
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}
