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
  /** Pages never hold more than this, so that small tests meet paging too. */
  readonly pageSize?: number | undefined
}

/** The control plane of ECR: the calls that this kit makes, and their neighbours. */
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
