import { randomUUID } from 'node:crypto'
import type { Call, Reply, Service } from '../net/call.ts'
import type { Credentials } from './credentials.ts'
import type { Place } from './partition.ts'

/** STS, limited to GetCallerIdentity: form-encoded requests, XML responses. */
export function createSts(place: Place, credentials: Credentials): Service {
  return {
    operation: async (call) => ({ name: await actionOf(call), write: false }),
    throttled: () => failure(400, 'Throttling', 'Rate exceeded'),
    async answer(call) {
      const action = await actionOf(call)
      if (!call.headers.authorization) {
        return failure(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
      }
      switch (credentials.stateFor(action)) {
        case 'expired':
          return failure(
            403,
            'ExpiredToken',
            'The security token included in the request is expired',
          )
        case 'missing':
          return failure(
            403,
            'InvalidClientTokenId',
            'The security token included in the request is invalid.',
          )
        case 'ok':
        case 'denied':
          // No policy can deny GetCallerIdentity.
          return action === 'GetCallerIdentity'
            ? identity(place)
            : failure(
                400,
                'InvalidAction',
                `Could not find operation ${action} for version 2011-06-15`,
              )
      }
    },
  }
}

async function actionOf(call: Call): Promise<string> {
  const form = new URLSearchParams((await call.read()).toString())
  return form.get('Action') ?? call.query.get('Action') ?? 'unknown'
}

function identity(place: Place): Reply {
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${place.principal}</Arn>
    <UserId>AIDACKCEVSQ6C2EXAMPLE</UserId>
    <Account>${place.account}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>
`,
  )
}

function failure(status: number, code: string, message: string): Reply {
  return xml(
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
  <RequestId>${randomUUID()}</RequestId>
</ErrorResponse>
`,
  )
}

function xml(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
