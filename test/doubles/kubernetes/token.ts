import { timingSafeEqual } from 'node:crypto'
import { accessKey, type Credentials } from '../../../scripts/sandbox/aws/credentials.ts'
import type { Place } from '../../../scripts/sandbox/aws/partition.ts'
import { signatureOf } from '../../../scripts/sandbox/aws/signature.ts'

export interface TokenOptions {
  readonly place: Place
  /** The name of the cluster that the token must be signed for. */
  readonly cluster: string
  readonly credentials: Credentials
  readonly now: () => number
}

const prefix = 'k8s-aws-v1.'
const lifetime = 15 * 60 * 1000

/**
 * Checks a bearer token as EKS does: it is a presigned STS request for the caller's identity, signed for this
 * cluster. Returns the reason for a rejection, or `undefined` for a valid token.
 */
export function refuseToken(
  authorization: string | undefined,
  { place, cluster, credentials, now }: TokenOptions,
): string | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined) return 'no bearer token'
  if (!token.startsWith(prefix)) return `the token does not begin with ${prefix}`
  const encoded = token.slice(prefix.length)
  if (!/^[\w-]+$/.test(encoded)) return 'the token is not in base64url without padding'
  const text = Buffer.from(encoded, 'base64url').toString()
  if (!URL.canParse(text)) return 'the token is not a URL'
  const url = new URL(text)
  const { searchParams: query } = url

  const stsHost = place.stsHosts[0]
  if (url.protocol !== 'https:' || url.host !== stsHost) {
    return `the URL is for ${url.origin}, not for https://${stsHost}`
  }
  const action = query.get('Action')
  if (action !== 'GetCallerIdentity') return `the action is ${action}`
  const signed = query.get('X-Amz-SignedHeaders')?.split(';') ?? []
  if (!signed.includes('x-k8s-aws-id')) return 'the header x-k8s-aws-id is not signed'
  const headers: Record<string, string> = { host: url.host, 'x-k8s-aws-id': cluster }
  const foreign = signed.filter((name) => headers[name] === undefined)
  if (foreign.length > 0) return `signed headers are missing: ${foreign.join(', ')}`

  const date = query.get('X-Amz-Date') ?? ''
  const age = now() - timeOf(date)
  if (!(age <= lifetime)) return `the token is dated ${date} and has expired`
  if (age < -lifetime) return `the token is dated ${date}, which is in the future`

  const scope = `${accessKey.id}/${date.slice(0, 8)}/${place.region}/sts/aws4_request`
  const credential = query.get('X-Amz-Credential')
  if (credential !== scope) return `the credential is ${credential}, not ${scope}`
  const expected = signatureOf(
    {
      method: 'GET',
      path: url.pathname,
      query: [...query].filter(([name]) => name !== 'X-Amz-Signature'),
      headers: Object.fromEntries(signed.map((name) => [name, headers[name] ?? ''])),
      date,
      region: place.region,
      service: 'sts',
    },
    accessKey.secret,
  )
  if (!sameText(query.get('X-Amz-Signature') ?? '', expected)) {
    return `the signature does not match; it must be made for cluster ${cluster}`
  }
  const state = credentials.stateFor('GetCallerIdentity')
  // The credentials as STS evaluates them; a denied caller is still identified.
  return state === 'expired' || state === 'missing' ? `the credentials are ${state}` : undefined
}

/** Returns the milliseconds of `20250101T000000Z`; NaN for any other text. */
function timeOf(date: string): number {
  const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
  return form.test(date) ? Date.parse(date.replace(form, '$1-$2-$3T$4:$5:$6Z')) : Number.NaN
}

function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
