import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  ECRClient,
  GetAccountSettingCommand,
  GetAuthorizationTokenCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr'
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
  /** Manifests of one repository by their digests, children of indexes included; what is not there is left out. */
  readonly readManifests: (repository: string, digests: readonly string[]) => Promise<EcrManifest[]>
  /** Sizes of the blobs that a repository has, by digest; the others are left out. */
  readonly sizesOfBlobs: (
    repository: string,
    digests: readonly string[],
  ) => Promise<ReadonlyMap<string, number>>
  /** Whether layers may be mounted across repositories in this account and region. */
  readonly mayMount: () => Promise<boolean>
  /** Takes a tag off its image. ECR removes an image with its last tag. */
  readonly deleteTag: (repository: string, tag: string) => Promise<void>
  readonly close: () => void
}

export interface EcrManifest {
  readonly digest: string
  readonly mediaType: string
  readonly text: string
}

/** The most image ids or layers that one call takes. */
const batchSize = 100

/** Manifest types that BatchGetImage is asked for; without the list it converts indexes to something else. */
const acceptedMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize),
  )
}

export function openEcr(settings: AwsSettings, account: string, signal: AbortSignal): Ecr {
  const client = new ECRClient(clientSettings(settings))
  const abortable = { abortSignal: signal }
  const registryId = account

  const batchGet = (repositoryName: string, imageIds: readonly ImageIdentifier[]) =>
    client.send(
      new BatchGetImageCommand({
        registryId,
        repositoryName,
        imageIds: [...imageIds],
        acceptedMediaTypes,
      }),
      abortable,
    )
  const readBatch = async (repositoryName: string, tags: readonly string[]) => {
    const { images = [], failures = [] } = await batchGet(
      repositoryName,
      tags.map((imageTag) => ({ imageTag })),
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
        for (const batch of batches(tags)) images.push(...(await readBatch(repository, batch)))
        return images
      }),

    readManifests: (repository, digests) =>
      callAws('ecr:BatchGetImage', async () => {
        const manifests: EcrManifest[] = []
        for (const batch of batches(digests)) {
          const ids = batch.map((imageDigest) => ({ imageDigest }))
          const { images = [] } = await batchGet(repository, ids)
          for (const { imageId, imageManifest: text, imageManifestMediaType } of images) {
            const digest = imageId?.imageDigest
            if (digest === undefined || text === undefined) continue
            manifests.push({ digest, mediaType: imageManifestMediaType ?? '', text })
          }
        }
        return manifests
      }),

    sizesOfBlobs: (repositoryName, digests) =>
      callAws('ecr:BatchCheckLayerAvailability', async () => {
        const sizes = new Map<string, number>()
        for (const layerDigests of batches(digests)) {
          const { layers = [] } = await client.send(
            new BatchCheckLayerAvailabilityCommand({ registryId, repositoryName, layerDigests }),
            abortable,
          )
          for (const { layerDigest, layerSize, layerAvailability } of layers) {
            if (layerDigest === undefined || layerSize === undefined) continue
            if (layerAvailability === 'AVAILABLE') sizes.set(layerDigest, layerSize)
          }
        }
        return sizes
      }),

    mayMount: () =>
      callAws('ecr:GetAccountSetting', async () => {
        const command = new GetAccountSettingCommand({ name: 'BLOB_MOUNTING' })
        return (await client.send(command, abortable)).value === 'ENABLED'
      }),

    deleteTag: (repositoryName, imageTag) =>
      callAws('ecr:BatchDeleteImage', async () => {
        const { failures = [] } = await client.send(
          new BatchDeleteImageCommand({ registryId, repositoryName, imageIds: [{ imageTag }] }),
          abortable,
        )
        const [refused] = failures
        if (refused === undefined || refused.failureCode === 'ImageNotFound') return
        throw new ProblemError({
          kind: 'unknown',
          side: 'target',
          message: `ecr:BatchDeleteImage: the tag "${repositoryName}:${imageTag}" cannot be removed: ${refused.failureCode} ${refused.failureReason ?? ''}`,
        })
      }),

    close: () => client.destroy(),
  }
}
