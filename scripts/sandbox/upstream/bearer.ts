import { z } from 'zod'
import { parseBasic, type TokenBook } from '../aws/tokens.ts'
import { type Call, json, type Reply, type Service } from '../net/call.ts'
import { rateExceeded, registryError } from '../registry/errors.ts'
import type { Route } from '../registry/route.ts'
import type { Puller } from './quota.ts'

/** A registry that requires a bearer token for every request, anonymous pulls included. */
export interface BearerRealm {
  readonly tokenHost: string
  readonly tokenPath: string
  readonly service: string
}

const realms: Readonly<Record<string, BearerRealm>> = {
  'docker.io': {
    tokenHost: 'auth.docker.io',
    tokenPath: '/token',
    service: 'registry.docker.io',
  },
  'ghcr.io': { tokenHost: 'ghcr.io', tokenPath: '/token', service: 'ghcr.io' },
  'public.ecr.aws': {
    tokenHost: 'public.ecr.aws',
    tokenPath: '/token/',
    service: 'public.ecr.aws',
  },
}

export function realmOf(registry: string): BearerRealm | undefined {
  return realms[registry]
}

/** The password that every token endpoint rejects; any other password is accepted. */
const wrongPassword = 'wrong'

const claimsShape = z.object({
  service: z.string(),
  scopes: z.array(z.string()),
  puller: z.enum(['anonymous', 'authenticated']),
  expires: z.number(),
})

type Claims = z.infer<typeof claimsShape>

const lifetimeSeconds = 300

/** Serves the token endpoint of a realm. ECR Public accepts the passwords that its own API has issued. */
export function createTokenService(
  realm: BearerRealm,
  publicTokens: TokenBook,
  now: () => number,
): Service {
  const answer = (call: Call): Reply => {
    const login = parseBasic(call.headers.authorization)
    const known =
      realm.service === 'public.ecr.aws'
        ? login?.user === 'AWS' && publicTokens.check(login.password) === 'valid'
        : login?.password !== wrongPassword
    if (login && !known) {
      return registryError(401, 'UNAUTHORIZED', 'incorrect username or password')
    }
    const claims: Claims = {
      service: realm.service,
      scopes: call.query.getAll('scope').flatMap((scope) => scope.split(' ')),
      puller: login ? 'authenticated' : 'anonymous',
      expires: now() + lifetimeSeconds * 1000,
    }
    const token = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const issued = new Date(now()).toISOString()
    return json(200, { token, access_token: token, expires_in: lifetimeSeconds, issued_at: issued })
  }
  return {
    accepts: (call) => call.path === realm.tokenPath,
    operation: () => ({ name: 'token', write: false }),
    answer,
    throttled: rateExceeded,
  }
}

/** Returns the kind of caller that a bearer token identifies; `undefined` without a valid token for this route. */
export function pullerOf(
  call: Call,
  realm: BearerRealm,
  route: Route,
  now: number,
): Puller | undefined {
  const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1]
  const claims = token === undefined ? undefined : parseClaims(token)
  if (!claims || claims.service !== realm.service || claims.expires <= now) return undefined
  // ECR Public's tokens apply to the whole registry.
  if (route.kind === 'ping' || realm.service === 'public.ecr.aws') return claims.puller
  const prefix = `repository:${route.name}:`
  return claims.scopes.some((scope) => scope.startsWith(prefix)) ? claims.puller : undefined
}

function parseClaims(token: string): Claims | undefined {
  try {
    return claimsShape.parse(JSON.parse(Buffer.from(token, 'base64url').toString()))
  } catch {
    return undefined
  }
}

/** Returns the 401 response that tells a client where to fetch a token, and for which scope. */
export function challenge(realm: BearerRealm, route: Route): Reply {
  const scope =
    realm.service === 'public.ecr.aws'
      ? 'aws'
      : route.kind === 'ping'
        ? undefined
        : `repository:${route.name}:pull`
  const fields = [
    `realm="https://${realm.tokenHost}${realm.tokenPath}"`,
    `service="${realm.service}"`,
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
  ]
  return registryError(401, 'UNAUTHORIZED', 'authentication required', {
    'www-authenticate': `Bearer ${fields.join(',')}`,
    'docker-distribution-api-version': 'registry/2.0',
  })
}
