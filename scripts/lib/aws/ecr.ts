import { BatchGetImageCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { ProblemError } from '../model/problem.ts'
import { type EcrRepositories, openRepositories } from './ecr-repositories.ts'
import { callAws } from './problem.ts'
import { type AwsSettings, clientSettings } from './settings.ts'
import { type RegistryLogin, readToken } from './token.ts'

/** An image or chart that ECR holds under a tag. */
export interface EcrImage {
  readonly tag: string
  readonly digest: string
  /** The manifest's text, from which children and layers are read. */
  readonly manifest: string
}

export type { EcrRepository } from './ecr-repositories.ts'

/** The calls of ECR's control plane that a mirror makes. Every failure is a `ProblemError`. */
export interface Ecr extends EcrRepositories {
  readonly authorize: () => Promise<RegistryLogin>
  /** What the tags of one repository point at; tags that do not exist are left out. */
  readonly readImages: (repository: string, tags: readonly string[]) => Promise<EcrImage[]>
  readonly close: () => void
}

/** The most image ids that BatchGetImage takes in one call. */
const batchSize = 100

/** Manifest types that BatchGetImage is asked for; without the list it converts indexes to something else. */
const acceptedMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

export function openEcr(settings: AwsSettings, account: string, signal: AbortSignal): Ecr {
  const client = new ECRClient(clientSettings(settings))
  const abortable = { abortSignal: signal }
  const registryId = account

  const readBatch = async (repositoryName: string, tags: readonly string[]) => {
    const { images = [], failures = [] } = await client.send(
      new BatchGetImageCommand({
        registryId,
        repositoryName,
        imageIds: tags.map((imageTag) => ({ imageTag })),
        acceptedMediaTypes,
      }),
      abortable,
    )
    const refused = failures.find(({ failureCode }) => failureCode !== 'ImageNotFound')
    if (refused !== undefined) {
      throw new ProblemError({
        kind: 'unknown',
        side: 'target',
        message: `ecr:BatchGetImage: "${repositoryName}:${refused.imageId?.imageTag}" cannot be read: ${refused.failureCode} ${refused.failureReason ?? ''}`,
        next: 'an image in this state does not count as present; remove it or restore it, then run again',
      })
    }
    return images.flatMap(({ imageId, imageManifest }) =>
      imageId?.imageTag !== undefined && imageId.imageDigest !== undefined
        ? [{ tag: imageId.imageTag, digest: imageId.imageDigest, manifest: imageManifest ?? '' }]
        : [],
    )
  }

  return {
    ...openRepositories(client, account, signal),

    authorize: () =>
      callAws('ecr:GetAuthorizationToken', async () => {
        const { authorizationData } = await client.send(
          new GetAuthorizationTokenCommand({}),
          abortable,
        )
        return readToken('ecr:GetAuthorizationToken', authorizationData?.[0])
      }),

    readImages: (repository, tags) =>
      callAws('ecr:BatchGetImage', async () => {
        const images: EcrImage[] = []
        for (let start = 0; start < tags.length; start += batchSize) {
          images.push(...(await readBatch(repository, tags.slice(start, start + batchSize))))
        }
        return images
      }),

    close: () => client.destroy(),
  }
}
