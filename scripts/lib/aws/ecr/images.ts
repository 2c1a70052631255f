import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  type ImageIdentifier,
  type ImageStatus,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr'
import { ProblemError } from '../../model/problem.ts'
import { callAws } from '../problem.ts'

/** An image or chart that ECR holds under a tag. */
export interface EcrImage {
  readonly tag: string
  readonly digest: string
  /** The manifest's text, with its children and layers. */
  readonly manifest: string
}

/** A tag that ECR has but does not serve: `ImageInaccessible` for an archived image, `KmsError`… */
export interface UnreadableImage {
  readonly tag: string
  /** An `ImageFailureCode` of the SDK. */
  readonly code: string
  readonly reason: string
}

/** The content of one repository's tags. */
export interface ReadImages {
  readonly images: readonly EcrImage[]
  readonly unreadable: readonly UnreadableImage[]
}

export interface EcrManifest {
  readonly digest: string
  readonly mediaType: string
  readonly text: string
}

/** The storage state of an image in ECR: active, archived, or being restored. */
export interface ImageState {
  readonly digest: string
  readonly tags: readonly string[]
  readonly status: ImageStatus
}

/** The calls on images and layers. Every failure is a `ProblemError`. */
export interface EcrImages {
  /** Returns what the tags of one repository point to; tags that do not exist are left out. */
  readonly readImages: (repository: string, tags: readonly string[]) => Promise<ReadImages>
  /** Returns manifests of one repository by digest, also children of indexes; missing ones are left out. */
  readonly readManifests: (repository: string, digests: readonly string[]) => Promise<EcrManifest[]>
  /** Returns the storage states of existing images by tag or digest, archived ones included. */
  readonly readStates: (
    repository: string,
    ids: readonly ({ readonly tag: string } | { readonly digest: string })[],
  ) => Promise<ImageState[]>
  /** Requests an archived image. ECR takes up to 20 minutes to restore it (its user guide, "Restoring an image"). */
  readonly restoreImage: (repository: string, digest: string) => Promise<void>
  /** Returns the sizes of the blobs that a repository has, by digest; others are left out. */
  readonly sizesOfBlobs: (
    repository: string,
    digests: readonly string[],
  ) => Promise<ReadonlyMap<string, number>>
  /** Removes a tag. ECR deletes an image with its last tag. */
  readonly deleteTag: (repository: string, tag: string) => Promise<void>
}

/** Maximum image ids or layers per call. */
const batchSize = 100

/** Manifest types requested from BatchGetImage; without this list it converts indexes. */
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

export function openImages(client: ECRClient, registryId: string, signal: AbortSignal): EcrImages {
  const abortable = { abortSignal: signal }

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
  const readBatch = async (
    repository: string,
    tags: readonly string[],
  ): Promise<{ images: EcrImage[]; unreadable: UnreadableImage[] }> => {
    const { images = [], failures = [] } = await batchGet(
      repository,
      tags.map((imageTag) => ({ imageTag })),
    )
    return {
      images: images.flatMap(({ imageId, imageManifest }) =>
        imageId?.imageTag !== undefined && imageId.imageDigest !== undefined
          ? [{ tag: imageId.imageTag, digest: imageId.imageDigest, manifest: imageManifest ?? '' }]
          : [],
      ),
      unreadable: failures.flatMap(({ imageId, failureCode, failureReason = '' }) =>
        imageId?.imageTag === undefined || failureCode === 'ImageNotFound'
          ? []
          : [{ tag: imageId.imageTag, code: failureCode ?? 'unknown', reason: failureReason }],
      ),
    }
  }

  return {
    readImages: (repository, tags) =>
      callAws('ecr:BatchGetImage', async () => {
        const images: EcrImage[] = []
        const unreadable: UnreadableImage[] = []
        for (const batch of batches(tags)) {
          const read = await readBatch(repository, batch)
          images.push(...read.images)
          unreadable.push(...read.unreadable)
        }
        return { images, unreadable }
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

    readStates: (repositoryName, ids) =>
      callAws('ecr:DescribeImages', async () => {
        const states: ImageState[] = []
        for (const batch of batches(ids)) {
          const { imageDetails = [] } = await client.send(
            new DescribeImagesCommand({
              registryId,
              repositoryName,
              imageIds: batch.map((id) =>
                'tag' in id ? { imageTag: id.tag } : { imageDigest: id.digest },
              ),
              // By default, only active images are described.
              filter: { imageStatus: 'ANY' },
            }),
            abortable,
          )
          for (const { imageDigest, imageTags = [], imageStatus } of imageDetails) {
            if (imageDigest === undefined || imageStatus === undefined) continue
            states.push({ digest: imageDigest, tags: imageTags, status: imageStatus })
          }
        }
        return states
      }),

    restoreImage: (repositoryName, imageDigest) =>
      callAws('ecr:UpdateImageStorageClass', async () => {
        const command = new UpdateImageStorageClassCommand({
          registryId,
          repositoryName,
          imageId: { imageDigest },
          targetStorageClass: 'STANDARD',
        })
        await client.send(command, abortable)
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
          message: `ecr:BatchDeleteImage: cannot remove tag "${repositoryName}:${imageTag}": ${refused.failureCode} ${refused.failureReason ?? ''}`,
        })
      }),
  }
}
