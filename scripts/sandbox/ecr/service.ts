import type { Credentials } from '../aws/credentials.ts'
import { createJsonApi } from '../aws/json-api.ts'
import type { TokenBook } from '../aws/tokens.ts'
import type { ContentStore } from '../content/store.ts'
import type { Service } from '../net/call.ts'
import { imageOperations } from './images.ts'
import { policyOperations } from './policies.ts'
import { repositoryOperations } from './repositories.ts'
import type { EcrState } from './state.ts'
import { templateOperations } from './templates.ts'

export interface EcrApiOptions {
  readonly state: EcrState
  readonly store: ContentStore
  readonly credentials: Credentials
  readonly tokens: TokenBook
  /** Pages are never larger than this, so that small tests also cover paging. */
  readonly pageSize?: number | undefined
}

/** The control plane of ECR: the calls that ecr-airlift makes, and related ones. */
export function createEcrApi(options: EcrApiOptions): Service {
  const { state, store, tokens, pageSize } = options
  return createJsonApi({
    actions: 'ecr',
    principal: state.place.principal,
    credentials: options.credentials,
    operations: {
      ...repositoryOperations(state, pageSize),
      ...policyOperations(state),
      ...templateOperations(state, pageSize),
      ...imageOperations(state, store, pageSize),
      GetAuthorizationToken: () => {
        const { password, expiresAt } = tokens.issue()
        return {
          authorizationData: [
            {
              authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
              expiresAt: expiresAt / 1000,
              proxyEndpoint: `https://${state.place.registryHost}`,
            },
          ],
        }
      },
    },
  })
}
