import { createHash, createHmac } from 'node:crypto'

/** The parts of a request that a version 4 signature in its query covers. */
export interface PresignedParts {
  readonly method: string
  readonly path: string
  /** Without `X-Amz-Signature`. */
  readonly query: readonly (readonly [string, string])[]
  /** Signed headers with their values, by lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  /** As in `X-Amz-Date`: `20250101T000000Z`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Returns the signature of a presigned request without a body. */
export function signatureOf(parts: PresignedParts, secret: string): string {
  const { method, path, headers, date, region, service } = parts
  const day = date.slice(0, 8)
  const names = Object.keys(headers).toSorted()
  const canonical = [
    method,
    path,
    canonicalQuery(parts.query),
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    sha256(''),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (current, part) => hmac(current, part),
    `AWS4${secret}`,
  )
  return hmac(key, text).toString('hex')
}

function canonicalQuery(query: PresignedParts['query']): string {
  return query
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
}

/** Encodes as RFC 3986 requires, which escapes more characters than JavaScript does. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, encodeByte)
}

function encodeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
