import type { Place } from '../aws/partition.ts'
import { ApiError } from '../aws/json-api.ts'
import { createRepository, type Repository } from '../content/repository.ts'
import { resolveEncryption } from './encryption.ts'
import type { Bucket } from '../net/bucket.ts'
import { invalidNameMessage, isRepositoryName } from './names.ts'
import type { Hindrance } from './hindrance.ts'
import type { CreationTemplate, EcrSettings } from './settings.ts'

/** A repository with everything that ECR stores in addition to its images. */
export interface EcrRepository extends Repository {
  readonly createdAt: number
  settings: EcrSettings
  readonly resourceTags: Map<string, string>
  /** The reason why a manifest cannot be read, by digest. */
  readonly hindrances: Map<string, Hindrance>
  lifecyclePolicy?: string
  repositoryPolicy?: string
}

/** The registry of one account in one region. */
export interface EcrState {
  readonly place: Place
  readonly repositories: Map<string, EcrRepository>
  readonly templates: readonly CreationTemplate[]
  readonly now: () => number
  blobMounting: boolean
  /** How long it takes to restore an image from the archive. */
  readonly restoreMilliseconds: number
  /** Admits manifests at the rate of the PutImage quota; unlimited if omitted. */
  putImages?: Bucket | undefined
}

export const defaultSettings: EcrSettings = {
  imageTagMutability: 'MUTABLE',
  encryptionConfiguration: { encryptionType: 'AES256' },
  imageScanningConfiguration: { scanOnPush: false },
}

export interface NewRepository {
  readonly settings?: Partial<EcrSettings>
  readonly tags?: Readonly<Record<string, string>>
  readonly lifecyclePolicy?: string
  readonly repositoryPolicy?: string
}

/** Creates a repository, or throws the error that `CreateRepository` returns. */
export function addRepository(
  state: EcrState,
  name: string,
  { settings, tags = {}, ...policies }: NewRepository = {},
): EcrRepository {
  if (!isRepositoryName(name)) {
    throw new ApiError('InvalidParameterException', invalidNameMessage(name))
  }
  if (state.repositories.has(name)) {
    throw new ApiError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${state.place.account}'`,
    )
  }
  const repository: EcrRepository = {
    ...createRepository(name),
    createdAt: state.now(),
    settings: {
      ...defaultSettings,
      ...settings,
      encryptionConfiguration: resolveEncryption(
        state.place,
        settings?.encryptionConfiguration ?? defaultSettings.encryptionConfiguration,
      ),
    },
    resourceTags: new Map(Object.entries(tags)),
    hindrances: new Map(),
    ...policies,
  }
  state.repositories.set(name, repository)
  return repository
}

export function notFoundMessage(state: EcrState, name: string): string {
  return `The repository with name '${name}' does not exist in the registry with id '${state.place.account}'`
}

/** Finds a repository, or throws `RepositoryNotFoundException`. */
export function requireRepository(state: EcrState, name: string): EcrRepository {
  const repository = state.repositories.get(name)
  if (repository) return repository
  throw new ApiError('RepositoryNotFoundException', notFoundMessage(state, name))
}

export function arnOf(state: EcrState, name: string): string {
  const { partition, region, account } = state.place
  return `arn:${partition}:ecr:${region}:${account}:repository/${name}`
}
