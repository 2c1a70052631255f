import { json, type Reply } from '../net/call.ts'
import type { CredentialState } from './credentials.ts'

/** Why AWS rejects a request before evaluating it. */
export type Refusal = Exclude<CredentialState, 'ok'> | 'throttled'

/** The error formats of AWS's protocols. */
export type ErrorForm = 'ec2' | 'query' | 'json' | 'rest' | 'cbor'

/** The denied action and its caller, for the message: `ec2:DescribeVpcs` by an ARN. */
export interface Attempt {
  readonly principal: string
  readonly action: string
}

interface Words {
  readonly status: number
  readonly code: string
  readonly text: string
}

const texts: Readonly<Record<Exclude<Refusal, 'denied'>, string>> = {
  expired: 'The security token included in the request is expired',
  missing: 'The security token included in the request is invalid.',
  throttled: 'Rate exceeded',
}

const queryCodes: Readonly<Record<Refusal, readonly [number, string]>> = {
  expired: [403, 'ExpiredToken'],
  missing: [403, 'InvalidClientTokenId'],
  denied: [403, 'AccessDenied'],
  throttled: [400, 'Throttling'],
}

const jsonCodes: Readonly<Record<Refusal, string>> = {
  expired: 'ExpiredTokenException',
  missing: 'UnrecognizedClientException',
  denied: 'AccessDeniedException',
  throttled: 'ThrottlingException',
}

/** Formats a rejection in a protocol's words and structure. */
export function refuse(form: ErrorForm, refusal: Refusal, attempt: Attempt): Reply {
  const [queryStatus, queryCode] = queryCodes[refusal]
  const text = refusal === 'denied' ? denial(attempt) : texts[refusal]
  switch (form) {
    case 'ec2':
      return ec2Error(ec2Words(refusal, text))
    case 'query':
      return queryError({ status: queryStatus, code: queryCode, text })
    case 'json': {
      // Services that once used the query protocol also return its code.
      const headers = { 'x-amzn-query-error': `${queryCode};Sender` }
      const body = { __type: `com.amazon.coral.service#${jsonCodes[refusal]}`, message: text }
      return json(400, body, { 'content-type': 'application/x-amz-json-1.0', ...headers })
    }
    case 'rest': {
      const status = refusal === 'throttled' ? 429 : 403
      return json(status, { message: text }, { 'x-amzn-errortype': jsonCodes[refusal] })
    }
    case 'cbor':
      return cborError({ status: 400, code: jsonCodes[refusal], text })
  }
}

function denial({ principal, action }: Attempt): string {
  return `User: ${principal} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`
}

function ec2Words(refusal: Refusal, text: string): Words {
  switch (refusal) {
    case 'expired':
      return { status: 400, code: 'RequestExpired', text: 'Request has expired.' }
    case 'missing':
      return {
        status: 401,
        code: 'AuthFailure',
        text: 'AWS was not able to validate the provided access credentials',
      }
    case 'denied':
      return {
        status: 403,
        code: 'UnauthorizedOperation',
        text: `You are not authorized to perform this operation. ${text}`,
      }
    case 'throttled':
      return { status: 503, code: 'RequestLimitExceeded', text: 'Request limit exceeded.' }
  }
}

function ec2Error({ status, code, text }: Words): Reply {
  return xml(
    status,
    `<Response><Errors><Error><Code>${code}</Code><Message>${text}</Message></Error></Errors><RequestID>sandbox</RequestID></Response>`,
  )
}

function queryError({ status, code, text }: Words): Reply {
  return xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>sandbox</RequestId></ErrorResponse>`,
  )
}

function xml(status: number, body: string): Reply {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  return { status, headers: { 'content-type': 'text/xml' }, body: `${declaration}${body}\n` }
}

function cborError({ status, code, text }: Words): Reply {
  const twoPairs = Buffer.from([0xa2])
  const parts = ['__type', code, 'message', text].map(cborText)
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }
  return { status, headers, body: Buffer.concat([twoPairs, ...parts]) }
}

/** A text string with a length of two bytes, which also fits short texts. */
function cborText(text: string): Buffer {
  const bytes = Buffer.from(text)
  const head = Buffer.from([0x79, 0, 0])
  head.writeUInt16BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}
