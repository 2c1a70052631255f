import { ProblemError } from '../model/problem.ts'

/** A user name and password for a registry's data plane. */
export interface RegistryLogin {
  readonly username: string
  readonly password: string
  readonly expiresAt?: Date
}

/** Reads the token of a GetAuthorizationToken answer: base64 of `AWS:<password>`. Throws when it is not one. */
export function readToken(
  call: string,
  data: { authorizationToken?: string | undefined; expiresAt?: Date | undefined } | undefined,
): RegistryLogin {
  const text = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) {
    throw new ProblemError({
      kind: 'unknown',
      side: 'target',
      message: `${call} returned no usable token`,
      next: 'rerun the same command; if it fails again, compare with "aws ecr get-login-password"',
    })
  }
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1),
    ...(data?.expiresAt !== undefined && { expiresAt: data.expiresAt }),
  }
}
