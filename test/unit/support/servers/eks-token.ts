import { createHash, createHmac } from 'node:crypto'
import { accessKey } from '../../../../scripts/sandbox/aws/credentials.ts'

/** What goes into a token for EKS; a test changes what it wants to see refused. */
export interface TokenParts {
  readonly cluster: string
  readonly region?: string
  readonly host?: string
  readonly action?: string
  readonly time?: number
  readonly secret?: string
  readonly keyId?: string
  /** Headers to sign beside the host. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A token for EKS, made by hand as the AWS CLI and `aws-iam-authenticator` make theirs. */
export function eksToken(parts: TokenParts): string {
  const { cluster, region = 'us-east-2', action = 'GetCallerIdentity' } = parts
  const { host = `sts.${region}.amazonaws.com`, time = Date.now() } = parts
  const { secret = accessKey.secret, keyId = accessKey.id } = parts
  const headers = { host, ...(parts.headers ?? { 'x-k8s-aws-id': cluster }) }
  const names = Object.keys(headers).toSorted()
  const date = new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/${region}/sts/aws4_request`
  const query = new URLSearchParams({
    Action: action,
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${keyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': names.join(';'),
  }).toString()
  const lines = Object.entries(headers)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const request = `GET\n/\n${query}\n${lines.join('')}\n${names.join(';')}\n${sha256('')}`
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(request)}`
  let key: Buffer = Buffer.from(`AWS4${secret}`)
  for (const part of scope.split('/')) key = hmac(key, part)
  const signature = hmac(key, text).toString('hex')
  const url = `https://${host}/?${query}&X-Amz-Signature=${signature}`
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
