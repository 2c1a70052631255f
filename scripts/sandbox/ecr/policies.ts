import { ApiError, type ApiOperation } from '../aws/json-api.ts'
import { inputs, readInput } from './input.ts'
import { type EcrState, requireRepository } from './state.ts'

/** The operations on lifecycle and repository policies. */
export function policyOperations(state: EcrState): Record<string, ApiOperation> {
  const registryId = state.place.account
  return {
    PutLifecyclePolicy(input) {
      const request = readInput(inputs.putLifecyclePolicy, input)
      const repository = requireRepository(state, request.repositoryName)
      checkPolicy(request.lifecyclePolicyText, 'LifecyclePolicyText', 'rules')
      repository.lifecyclePolicy = request.lifecyclePolicyText
      return { registryId, ...request }
    },

    GetLifecyclePolicy(input) {
      const { repositoryName } = readInput(inputs.repository, input)
      const { lifecyclePolicy } = requireRepository(state, repositoryName)
      if (lifecyclePolicy === undefined) throw notFound('Lifecycle', repositoryName, state)
      return { registryId, repositoryName, lifecyclePolicyText: lifecyclePolicy }
    },

    SetRepositoryPolicy(input) {
      const { repositoryName, policyText } = readInput(inputs.setRepositoryPolicy, input)
      const repository = requireRepository(state, repositoryName)
      checkPolicy(policyText, 'PolicyText', 'Statement')
      repository.repositoryPolicy = rewrite(policyText, state)
      return { registryId, repositoryName, policyText: repository.repositoryPolicy }
    },

    GetRepositoryPolicy(input) {
      const { repositoryName } = readInput(inputs.repository, input)
      const { repositoryPolicy } = requireRepository(state, repositoryName)
      if (repositoryPolicy === undefined) throw notFound('Repository', repositoryName, state)
      return { registryId, repositoryName, policyText: repositoryPolicy }
    },
  }
}

function checkPolicy(text: string, parameter: string, part: string): void {
  if (hasPart(text, part)) return
  throw new ApiError(
    'InvalidParameterException',
    `Invalid parameter at '${parameter}' failed to satisfy constraint: 'Invalid policy provided'`,
  )
}

function hasPart(text: string, part: string): boolean {
  try {
    const policy: unknown = JSON.parse(text)
    return typeof policy === 'object' && policy !== null && part in policy
  } catch {
    return false
  }
}

/** Formats a repository policy as ECR returns it: indented, with accounts as the ARNs of their root users. */
function rewrite(text: string, { place }: EcrState): string {
  const roots = (_: string, value: unknown) =>
    typeof value === 'string' && /^\d{12}$/.test(value)
      ? `arn:${place.partition}:iam::${value}:root`
      : value
  return JSON.stringify(JSON.parse(text, roots), null, 2)
}

function notFound(kind: string, name: string, { place }: EcrState): ApiError {
  return new ApiError(
    `${kind}PolicyNotFoundException`,
    `${kind} policy does not exist for the repository with name '${name}' in the registry with id '${place.account}'`,
  )
}
