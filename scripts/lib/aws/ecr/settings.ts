import {
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  type ImageTagMutabilityExclusionFilter,
  LifecyclePolicyNotFoundException,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  RepositoryPolicyNotFoundException,
  SetRepositoryPolicyCommand,
  type Tag,
  TagResourceCommand,
} from '@aws-sdk/client-ecr'
import type { Difference, RepositoryDetails } from '../../model/repository/drift.ts'
import {
  mutabilityName,
  type PolicySetting,
  policyText,
  type RepositorySettings,
} from '../../model/repository/settings.ts'
import { readJson } from '../../model/tree/json.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { emptyTree, isTree, type ValuesTree } from '../../model/values/values.ts'
import { callAws } from '../problem.ts'

/** The repository of a call. */
export interface RepositoryId {
  readonly name: string
  readonly arn: string
}

/** The calls that read and change settings of one repository. Every failure is a `ProblemError`. */
export interface RepositorySettingCalls {
  /** Reads the requested settings that listings do not include: one call per policy and one for the tags. */
  readonly readDetails: (
    repository: RepositoryId,
    wanted: RepositorySettings,
  ) => Promise<RepositoryDetails>
  /** Sets a repository's policy, replacing an existing one. */
  readonly putPolicy: (name: string, setting: PolicySetting, policy: ValuesTree) => Promise<void>
  /** Sets one requested setting with one call. */
  readonly changeSetting: (
    repository: RepositoryId,
    setting: Exclude<Difference['setting'], 'encryption'>,
    wanted: RepositorySettings,
  ) => Promise<void>
}

export function openSettings(
  client: ECRClient,
  registryId: string,
  signal: AbortSignal,
): RepositorySettingCalls {
  const abortable = { abortSignal: signal }

  const readLifecyclePolicy = (repositoryName: string) =>
    callAws('ecr:GetLifecyclePolicy', async () => {
      try {
        const { lifecyclePolicyText } = await client.send(
          new GetLifecyclePolicyCommand({ registryId, repositoryName }),
          abortable,
        )
        return readPolicy(lifecyclePolicyText)
      } catch (error) {
        if (error instanceof LifecyclePolicyNotFoundException) return undefined
        throw error
      }
    })

  const readRepositoryPolicy = (repositoryName: string) =>
    callAws('ecr:GetRepositoryPolicy', async () => {
      try {
        const { policyText: text } = await client.send(
          new GetRepositoryPolicyCommand({ registryId, repositoryName }),
          abortable,
        )
        return readPolicy(text)
      } catch (error) {
        if (error instanceof RepositoryPolicyNotFoundException) return undefined
        throw error
      }
    })

  const readTags = (resourceArn: string) =>
    callAws('ecr:ListTagsForResource', async () => {
      const { tags = [] } = await client.send(
        new ListTagsForResourceCommand({ resourceArn }),
        abortable,
      )
      return recordFrom(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
    })

  const putPolicy: RepositorySettingCalls['putPolicy'] = async (
    repositoryName,
    setting,
    policy,
  ) => {
    const repository = { registryId, repositoryName }
    const text = policyText(policy)
    if (setting === 'lifecyclePolicy') {
      const command = new PutLifecyclePolicyCommand({ ...repository, lifecyclePolicyText: text })
      await callAws('ecr:PutLifecyclePolicy', () => client.send(command, abortable))
    } else {
      const command = new SetRepositoryPolicyCommand({ ...repository, policyText: text })
      await callAws('ecr:SetRepositoryPolicy', () => client.send(command, abortable))
    }
  }

  return {
    putPolicy,

    async readDetails({ name, arn }, wanted) {
      const lifecyclePolicy = wanted.lifecyclePolicy && (await readLifecyclePolicy(name))
      const repositoryPolicy = wanted.repositoryPolicy && (await readRepositoryPolicy(name))
      const tags = wanted.tags && (await readTags(arn))
      return {
        ...(lifecyclePolicy && { lifecyclePolicy }),
        ...(repositoryPolicy && { repositoryPolicy }),
        ...(tags && { tags }),
      }
    },

    async changeSetting({ name: repositoryName, arn }, setting, wanted) {
      const { mutabilityExclude = [] } = wanted
      const repository = { registryId, repositoryName }
      switch (setting) {
        case 'mutability': {
          const filters = toFilters(mutabilityExclude)
          const command = new PutImageTagMutabilityCommand({
            ...repository,
            imageTagMutability: mutabilityName(wanted),
            ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
          })
          await callAws('ecr:PutImageTagMutability', () => client.send(command, abortable))
          return
        }
        case 'scanOnPush': {
          const command = new PutImageScanningConfigurationCommand({
            ...repository,
            imageScanningConfiguration: { scanOnPush: wanted.scanOnPush ?? false },
          })
          await callAws('ecr:PutImageScanningConfiguration', () => client.send(command, abortable))
          return
        }
        case 'lifecyclePolicy':
        case 'repositoryPolicy':
          return putPolicy(repositoryName, setting, wanted[setting] ?? emptyTree())
        case 'tags': {
          const command = new TagResourceCommand({ resourceArn: arn, tags: toTags(wanted.tags) })
          await callAws('ecr:TagResource', () => client.send(command, abortable))
        }
      }
    },
  }
}

export function toTags(tags: RepositorySettings['tags'] = {}): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

export function toFilters(filters: readonly string[]): ImageTagMutabilityExclusionFilter[] {
  return filters.map((filter) => ({ filterType: 'WILDCARD', filter }))
}

function readPolicy(text: string | undefined): ValuesTree | undefined {
  const policy = readJson(text ?? 'null')
  return isTree(policy) ? policy : undefined
}
