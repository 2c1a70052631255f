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

/** A template from which ECR creates repositories on push. */
export interface PushTemplate {
  /** The namespace that it applies to; `ROOT` for repositories that no other template matches. */
  readonly prefix: string
  /** The tags that it sets. */
  readonly tags: Readonly<Record<string, string>>
}

/** The calls on repositories. Every failure is a `ProblemError`. */
export interface EcrRepositories extends RepositorySettingCalls {
  /** Lists all repositories of the registry: one call per thousand. */
  readonly listRepositories: () => Promise<EcrRepository[]>
  /**
   * Creates a repository with its settings, except policies, which need separate calls. An existing repository is a
   * success, because the SDK repeats a request whose answer was lost; it keeps its settings.
   */
  readonly createRepository: (
    name: string,
    settings: RepositorySettings,
  ) => Promise<'created' | 'existed'>
  /** Deletes a repository with its content; one that no longer exists is a success. */
  readonly deleteRepository: (name: string) => Promise<'deleted' | 'gone'>
  /** Lists the templates that apply to pushes; others are left out. */
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
