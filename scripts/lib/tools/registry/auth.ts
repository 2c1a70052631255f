import { failure, type Problem, type Result, success } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { isTree } from '../../model/values/values.ts'
import type { Http, HttpAnswer } from '../http/types.ts'
import { explainAnswer } from './problem.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** The challenge of a registry's 401. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer'
      readonly realm: string
      readonly service?: string
      readonly scope?: string
    }

/** Parses the `www-authenticate` of a 401 (RFC 6750, distribution token specification); none for other schemes. */
export function readChallenge(answer: Pick<HttpAnswer, 'headers'>): Challenge | undefined {
  const header = answer.headers['www-authenticate'] ?? ''
  const scheme = /^\s*(basic|bearer)\b/i.exec(header)?.[1]?.toLowerCase()
  if (scheme === 'basic') return { scheme }
  if (scheme !== 'bearer') return undefined
  const fields = new Map(
    [...header.matchAll(/(?<![a-z])([a-z]+)="([^"]*)"/gi)].map(([, key = '', value = '']) => [
      key.toLowerCase(),
      value,
    ]),
  )
  const realm = fields.get('realm')
  if (realm === undefined || !/^https?:/.test(realm)) return undefined
  const service = fields.get('service')
  const scope = fields.get('scope')
  return {
    scheme,
    realm,
    ...(service !== undefined && { service }),
    ...(scope !== undefined && { scope }),
  }
}

export function basicAuthorization({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/**
 * Fetches the token for a challenge. Sends the login only to the realm. Refuses a realm that is less secure than the
 * registry, or that points from the internet to a private address.
 *
 * @param registry the URL of the registry that named the realm
 */
export async function fetchToken(
  http: Http,
  registry: string,
  { realm, service, scope }: Extract<Challenge, { readonly scheme: 'bearer' }>,
  login: Login | undefined,
  signal: AbortSignal,
): Promise<Result<string>> {
  if (!URL.canParse(realm)) return failure(invalidRealm(registry))
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  if (scope !== undefined) url.searchParams.set('scope', scope)
  // A password never crosses the network in clear text, whatever a registry names as its realm.
  const mayLogIn = login !== undefined && url.protocol === 'https:'
  const headers = mayLogIn ? { authorization: basicAuthorization(login) } : {}
  const answer = await http.call('GET', url.href, {
    signal,
    headers,
    namedBy: registry,
    maximumBytes: longestToken,
  })
  if (!answer.ok) return answer
  const problem = explainAnswer(answer.value)
  if (problem !== undefined) return failure(problem)
  const token = readToken(answer.value.body)
  if (token !== undefined) return success(token)
  return failure({
    kind: 'unauthorized',
    side: 'source',
    message: `"${url.host}" returned no token`,
    next: 'check that no proxy answers in its place',
  })
}

/** Size limit: tokens have a few kilobytes. */
const longestToken = 1024 * 1024

function invalidRealm(registry: string): Problem {
  return {
    kind: 'unsafe-address',
    side: 'source',
    message: `"${registry}" requests a token from an invalid URL`,
    next: 'check that no proxy answers in its place',
  }
}

/** Returns `token` or OAuth's `access_token`. */
function readToken(body: Buffer): string | undefined {
  const answer = readJson(body.toString('utf8'))
  const found = isTree(answer) ? (answer['token'] ?? answer['access_token']) : undefined
  return typeof found === 'string' && found !== '' ? found : undefined
}
