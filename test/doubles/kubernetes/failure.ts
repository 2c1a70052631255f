import { json, type Reply } from '../../../scripts/sandbox/net/call.ts'

const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
} as const

/** An error in the Kubernetes API's format, a Status object. */
export class KubeError extends Error {
  override readonly name = 'KubeError'
  readonly reason: keyof typeof codes

  constructor(reason: keyof typeof codes, message: string) {
    super(message)
    this.reason = reason
  }
}

export function failureReply({ reason, message }: KubeError): Reply {
  const code = codes[reason]
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }
  const headers: Record<string, string> = reason === 'TooManyRequests' ? { 'retry-after': '1' } : {}
  return json(code, { ...status, message, reason, code }, headers)
}
