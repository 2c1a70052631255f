import { type Call, json, type Reply, type Service } from '../net/call.ts'
import type { Credentials } from './credentials.ts'

/** A named error, as in AWS's JSON protocols. */
export class ApiError extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

export type ApiInput = Readonly<Record<string, unknown>>
export type ApiOperation = (input: ApiInput) => object

export interface JsonApiOptions {
  /** The IAM prefix of its actions: `ecr`. */
  readonly actions: string
  /** ARN of the calling principal, named in denials. */
  readonly principal: string
  readonly credentials: Credentials
  readonly operations: Readonly<Record<string, ApiOperation>>
}

const writes =
  /^(?:Create|Put|Delete|Tag|Untag|Set|Start|Update|Batch(?:Delete|Import)|Initiate|Upload|Complete)/

/** An API in the awsJson 1.1 protocol: one path, with the operation in a header. */
export function createJsonApi(options: JsonApiOptions): Service {
  return {
    operation: (call) => ({ name: operationOf(call), write: writes.test(operationOf(call)) }),
    throttled: () => errorReply(new ApiError('ThrottlingException', 'Rate exceeded')),
    async answer(call) {
      try {
        const operation = operationOf(call)
        authenticate(call, operation, options)
        const run = options.operations[operation]
        if (!run) throw new ApiError('UnknownOperationException', `"${operation}" is not served`)
        const body = (await call.read()).toString()
        const input: ApiInput = JSON.parse(body === '' ? '{}' : body)
        return reply(200, run(input))
      } catch (error) {
        if (error instanceof ApiError) return errorReply(error)
        throw error
      }
    },
  }
}

function operationOf(call: Call): string {
  return String(call.headers['x-amz-target'] ?? 'unknown').replace(/^.*\./, '')
}

function authenticate(call: Call, operation: string, options: JsonApiOptions): void {
  if (!call.headers.authorization) {
    throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  switch (options.credentials.stateFor(operation)) {
    case 'ok':
      return
    case 'expired':
      throw new ApiError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
      )
    case 'missing':
      throw new ApiError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      )
    case 'denied': {
      const action = `${options.actions}:${operation}`
      throw new ApiError(
        'AccessDeniedException',
        `User: ${options.principal} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
      )
    }
  }
}

function reply(status: number, body: object): Reply {
  return json(status, body, { 'content-type': 'application/x-amz-json-1.1' })
}

function errorReply(error: ApiError): Reply {
  return reply(400, { __type: error.name, message: error.message })
}
