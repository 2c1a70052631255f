import { ApiError, type ApiOperation } from '../aws/json-api.ts'
import { inputs, pageOf, readInput } from './input.ts'
import type { Mutability } from './mutability.ts'
import {
  addRepository,
  arnOf,
  defaultSettings,
  type EcrRepository,
  type EcrState,
  requireRepository,
} from './state.ts'

/** The operations on repositories, their tags and the registry's settings. */
export function repositoryOperations(
  state: EcrState,
  pageSize?: number,
): Record<string, ApiOperation> {
  return {
    CreateRepository(input) {
      const request = readInput(inputs.createRepository, input)
      checkMutability(request)
      checkTags(request.tags)
      const repository = addRepository(state, request.repositoryName, {
        settings: {
          imageTagMutability: request.imageTagMutability,
          imageTagMutabilityExclusionFilters: request.imageTagMutabilityExclusionFilters,
          encryptionConfiguration:
            request.encryptionConfiguration ?? defaultSettings.encryptionConfiguration,
          imageScanningConfiguration:
            request.imageScanningConfiguration ?? defaultSettings.imageScanningConfiguration,
        },
        tags: Object.fromEntries(request.tags.map(({ Key, Value }) => [Key, Value])),
      })
      return { repository: describe(state, repository) }
    },

    DescribeRepositories(input) {
      const request = readInput(inputs.describeRepositories, input)
      if (request.repositoryNames) {
        const found = request.repositoryNames.map((name) => requireRepository(state, name))
        return { repositories: found.map((one) => describe(state, one)) }
      }
      const all = [...state.repositories.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
      const { items, ...next } = pageOf(all, request, pageSize)
      return { repositories: items.map((one) => describe(state, one)), ...next }
    },

    DeleteRepository(input) {
      const request = readInput(inputs.deleteRepository, input)
      const repository = requireRepository(state, request.repositoryName)
      if (repository.manifests.size > 0 && !request.force) {
        throw new ApiError(
          'RepositoryNotEmptyException',
          `The repository with name '${repository.name}' in registry with id '${state.place.account}' cannot be deleted because it still contains images`,
        )
      }
      state.repositories.delete(repository.name)
      return { repository: describe(state, repository) }
    },

    PutImageTagMutability(input) {
      const { repositoryName, ...mutability } = readInput(inputs.putImageTagMutability, input)
      const repository = requireRepository(state, repositoryName)
      checkMutability(mutability)
      const { imageTagMutabilityExclusionFilters } = mutability
      repository.settings = {
        ...repository.settings,
        ...mutability,
        imageTagMutabilityExclusionFilters,
      }
      return { registryId: state.place.account, repositoryName, ...mutability }
    },

    PutImageScanningConfiguration(input) {
      const request = readInput(inputs.putImageScanningConfiguration, input)
      const repository = requireRepository(state, request.repositoryName)
      const { imageScanningConfiguration } = request
      repository.settings = { ...repository.settings, imageScanningConfiguration }
      return { registryId: state.place.account, ...request }
    },

    ListTagsForResource(input) {
      const { resourceArn } = readInput(inputs.listTagsForResource, input)
      const { resourceTags } = requireRepository(state, nameOf(resourceArn))
      return { tags: [...resourceTags].map(([Key, Value]) => ({ Key, Value })) }
    },

    TagResource(input) {
      const { resourceArn, tags } = readInput(inputs.tagResource, input)
      const { resourceTags } = requireRepository(state, nameOf(resourceArn))
      checkTags(tags, resourceTags)
      for (const { Key, Value } of tags) resourceTags.set(Key, Value)
      return {}
    },

    GetAccountSetting(input) {
      const { name } = readInput(inputs.accountSetting, input)
      return { name, value: settingOf(state, name) }
    },

    PutAccountSetting(input) {
      const { name, value } = readInput(inputs.accountSetting, input)
      settingOf(state, name)
      state.blobMounting = value === 'ENABLED'
      return { name, value: settingOf(state, name) }
    },

    DescribeRegistry: () => ({
      registryId: state.place.account,
      replicationConfiguration: { rules: [] },
    }),
  }
}

function describe(state: EcrState, repository: EcrRepository): object {
  return {
    repositoryArn: arnOf(state, repository.name),
    registryId: state.place.account,
    repositoryName: repository.name,
    repositoryUri: `${state.place.registryHost}/${repository.name}`,
    createdAt: repository.createdAt / 1000,
    ...repository.settings,
  }
}

/** Checks that exclusion filters are given exactly with the settings that allow them. */
function checkMutability(settings: Mutability): void {
  const hasFilters = settings.imageTagMutabilityExclusionFilters !== undefined
  if (settings.imageTagMutability.endsWith('_WITH_EXCLUSION') === hasFilters) return
  throw new ApiError(
    'InvalidParameterException',
    `Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'filters must ${hasFilters ? 'not ' : ''}be given for ${settings.imageTagMutability}'`,
  )
}

function checkTags(
  tags: readonly { readonly Key: string }[],
  present: ReadonlyMap<string, string> = new Map(),
): void {
  const reserved = tags.find(({ Key }) => /^aws:/i.test(Key))
  if (reserved !== undefined) {
    const message = `Tag key '${reserved.Key}' is invalid: aws: prefixed tag key names are not allowed for external use.`
    throw new ApiError('InvalidTagParameterException', message)
  }
  const { size } = new Set([...present.keys(), ...tags.map(({ Key }) => Key)])
  if (size > 50) {
    throw new ApiError('TooManyTagsException', 'The number of tags exceeds the limit of 50')
  }
}

function nameOf(arn: string): string {
  return arn.replace(/^.*?:repository\//, '')
}

function settingOf(state: EcrState, name: string): string {
  if (name !== 'BLOB_MOUNTING') {
    throw new ApiError('InvalidParameterException', `Invalid parameter at 'name': '${name}'`)
  }
  return state.blobMounting ? 'ENABLED' : 'DISABLED'
}
