import type { Service } from '../net/call.ts'
import type { Credentials } from './credentials.ts'
import { createJsonApi } from './json-api.ts'
import type { Place } from './partition.ts'
import type { TokenBook } from './tokens.ts'

/** The API of ECR Public: it issues passwords for public.ecr.aws. */
export function createEcrPublic(
  place: Place,
  credentials: Credentials,
  tokens: TokenBook,
): Service {
  return createJsonApi({
    actions: 'ecr-public',
    principal: place.principal,
    credentials,
    operations: {
      GetAuthorizationToken: () => {
        const { password, expiresAt } = tokens.issue()
        const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64')
        return { authorizationData: { authorizationToken, expiresAt: expiresAt / 1000 } }
      },
    },
  })
}
