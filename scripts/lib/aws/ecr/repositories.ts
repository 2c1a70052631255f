import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  type ECRClient,
  paginateDescribeRepositories,
  paginateDescribeRepositoryCreationTemplates,
  type Repository,
  RepositoryAlreadyExistsException,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr'
import type { ExistingRepository } from '../../model/repository/drift.ts'
import { mutabilityName, ownTag, type RepositorySettings } from '../../model/repository/settings.ts'
import { recordFrom } from '../../model/tree/tree.ts'
import { callAws } from '../problem.ts'
import { openSettings, type RepositorySettingCalls, toFilters, toTags } from './settings.ts'

export interface EcrRepository extends ExistingRepository {
  readonly name: string
  readonly arn: string
}

/** A template by which ECR creates repositories when something is pushed into them. */
export interface PushTemplate {
  /** The namespace that it is for; `ROOT` for whatever no other template matches. */
  readonly prefix: string
  /** Keys and values of the tags that it gives. */
  readonly tags: Readonly<Record<string, string>>
}

/** The calls on repositories. Every failure is a `ProblemError`. */
export interface EcrRepositories extends RepositorySettingCalls {
  /** All repositories of the registry: one call per thousand. */
  readonly listRepositories: () => Promise<EcrRepository[]>
  /**
   * Creates a repository with its settings, all but the policies, which are calls of their own. One that exists already
   * is success, since a lost answer is repeated by the SDK; it keeps the settings that it has.
   */
  readonly createRepository: (
    name: string,
    settings: RepositorySettings,
  ) => Promise<'created' | 'existed'>
  /** Deletes a repository with everything in it; one that is gone already is success. */
  readonly deleteRepository: (name: string) => Promise<'deleted' | 'gone'>
  /** The templates that apply to pushes; those for other occasions are left out. */
  readonly listPushTemplates: () => Promise<PushTemplate[]>
}

export function openRepositories(
  client: ECRClient,
  registryId: string,
  signal: AbortSignal,
): EcrRepositories {
  const abortable = { abortSignal: signal }
  return {
    ...openSettings(client, registryId, signal),

    listRepositories: () =>
      callAws('ecr:DescribeRepositories', async () => {
        const found: EcrRepository[] = []
        const pages = paginateDescribeRepositories(
          { client, pageSize: 1000 },
          { registryId },
          abortable,
        )
        for await (const { repositories = [] } of pages) {
          found.push(...repositories.flatMap((one) => readRepository(one) ?? []))
        }
        return found
      }),

    createRepository: (repositoryName, settings) =>
      callAws('ecr:CreateRepository', async () => {
        const { mutability, mutabilityExclude = [], encryption, scanOnPush, tags } = settings
        try {
          await client.send(
            new CreateRepositoryCommand({
              registryId,
              repositoryName,
              tags: toTags({ [ownTag.key]: ownTag.value, ...tags }),
              ...(mutability !== undefined && { imageTagMutability: mutabilityName(settings) }),
              ...(mutabilityExclude.length > 0 && {
                imageTagMutabilityExclusionFilters: toFilters(mutabilityExclude),
              }),
              ...(encryption !== undefined && {
                encryptionConfiguration: {
                  encryptionType: encryption.type,
                  kmsKey: encryption.key,
                },
              }),
              ...(scanOnPush !== undefined && { imageScanningConfiguration: { scanOnPush } }),
            }),
            abortable,
          )
          return 'created'
        } catch (error) {
          if (error instanceof RepositoryAlreadyExistsException) return 'existed'
          throw error
        }
      }),

    deleteRepository: (repositoryName) =>
      callAws('ecr:DeleteRepository', async () => {
        try {
          const command = new DeleteRepositoryCommand({ registryId, repositoryName, force: true })
          await client.send(command, abortable)
          return 'deleted'
        } catch (error) {
          if (error instanceof RepositoryNotFoundException) return 'gone'
          throw error
        }
      }),

    listPushTemplates: () =>
      callAws('ecr:DescribeRepositoryCreationTemplates', async () => {
        const found: PushTemplate[] = []
        const pages = paginateDescribeRepositoryCreationTemplates({ client }, {}, abortable)
        for await (const { repositoryCreationTemplates = [] } of pages) {
          for (const {
            prefix,
            appliedFor = [],
            resourceTags = [],
          } of repositoryCreationTemplates) {
            if (prefix === undefined || !appliedFor.includes('CREATE_ON_PUSH')) continue
            const tags = recordFrom(resourceTags.map(({ Key = '', Value = '' }) => [Key, Value]))
            found.push({ prefix, tags })
          }
        }
        return found
      }),
  }
}

function readRepository({
  repositoryName,
  repositoryArn,
  encryptionConfiguration,
  ...rest
}: Repository): EcrRepository | undefined {
  if (repositoryName === undefined) return undefined
  const { encryptionType = 'AES256', kmsKey } = encryptionConfiguration ?? {}
  return {
    name: repositoryName,
    arn: repositoryArn ?? '',
    mutability: rest.imageTagMutability ?? 'MUTABLE',
    exclusions: (rest.imageTagMutabilityExclusionFilters ?? []).flatMap(
      ({ filter }) => filter ?? [],
    ),
    encryption: kmsKey === undefined ? encryptionType : `${encryptionType} ${kmsKey}`,
    scanOnPush: rest.imageScanningConfiguration?.scanOnPush ?? false,
  }
}
