import { ApiError, type ApiOperation } from '../aws/json-api.ts'
import { blobsOf, parseManifest, type StoredManifest } from '../content/repository.ts'
import type { ContentStore } from '../content/store.ts'
import { type ImageId, inputs, pageOf, readInput } from './input.ts'
import { type EcrRepository, type EcrState, requireRepository } from './state.ts'
import { archiveImage, failureOf, hidesBlob, restoreImage, statusOf } from './storage.ts'
import type { ImageStatus } from './hindrance.ts'

/** The operations on images and layers. */
export function imageOperations(
  state: EcrState,
  store: ContentStore,
  pageSize?: number,
): Record<string, ApiOperation> {
  const registryId = state.place.account
  return {
    DescribeImages(input) {
      const request = readInput(inputs.describeImages, input)
      const repository = requireRepository(state, request.repositoryName)
      const wanted = request.imageIds?.map((id) => requireImage(state, repository, id))
      const images = (wanted ?? [...repository.manifests.values()]).filter(({ digest }) =>
        isOfStatus(state, repository, digest, request.filter.imageStatus),
      )
      const { items, ...next } = pageOf(images, request, wanted ? undefined : pageSize)
      return { imageDetails: items.map((image) => detail(state, repository, image)), ...next }
    },

    ListImages(input) {
      const request = readInput(inputs.listImages, input)
      const repository = requireRepository(state, request.repositoryName)
      const { tagStatus: status, imageStatus } = request.filter
      const ids = [...repository.manifests.keys()].flatMap((imageDigest): ImageId[] => {
        if (!isOfStatus(state, repository, imageDigest, imageStatus)) return []
        const tagged = tagsOf(repository, imageDigest).map((imageTag) => ({
          imageDigest,
          imageTag,
        }))
        if (tagged.length > 0) return status === 'UNTAGGED' ? [] : tagged
        return status === 'TAGGED' ? [] : [{ imageDigest }]
      })
      const { items, ...next } = pageOf(ids, request, pageSize)
      return { imageIds: items, ...next }
    },

    BatchGetImage(input) {
      const request = readInput(inputs.images, input)
      const repository = requireRepository(state, request.repositoryName)
      const { found, failures } = partition(repository, request.imageIds)
      const hindered = found.map((one) => ({
        ...one,
        hindrance: failureOf(state, repository, one.image.digest),
      }))
      const readable = hindered.filter(({ hindrance }) => hindrance === undefined)
      const refused = hindered.flatMap(({ id, hindrance }) =>
        hindrance ? [failure(id, hindrance.failureCode, hindrance.failureReason)] : [],
      )
      const images = readable.map(({ id, image }) => ({
        registryId,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, ...(id.imageTag && { imageTag: id.imageTag }) },
        imageManifest: image.bytes.toString(),
        imageManifestMediaType: image.mediaType,
      }))
      return { images, failures: [...failures, ...refused] }
    },

    UpdateImageStorageClass(input) {
      const request = readInput(inputs.updateImageStorageClass, input)
      const repository = requireRepository(state, request.repositoryName)
      const { digest } = requireImage(state, repository, request.imageId)
      if (request.targetStorageClass === 'ARCHIVE') archiveImage(repository, digest)
      else restoreImage(state, repository, digest)
      return {
        registryId,
        repositoryName: repository.name,
        imageId: { ...request.imageId, imageDigest: digest },
        imageStatus: statusOf(state, repository, digest),
      }
    },

    BatchDeleteImage(input) {
      const request = readInput(inputs.images, input)
      const repository = requireRepository(state, request.repositoryName)
      const { found, failures } = partition(repository, request.imageIds)
      const refused = found.filter(
        ({ id, image }) => !id.imageTag && isChild(repository, image.digest),
      )
      const deleted = found.filter((one) => !refused.includes(one))
      for (const { id, image } of deleted) remove(repository, id, image)
      const held = refused.map(({ id }) =>
        failure(id, 'ImageReferencedByManifestList', 'Requested image referenced by manifest list'),
      )
      return {
        imageIds: deleted.map(({ id, image }) => ({ ...id, imageDigest: image.digest })),
        failures: [...failures, ...held],
      }
    },

    BatchCheckLayerAvailability(input) {
      const request = readInput(inputs.layers, input)
      const repository = requireRepository(state, request.repositoryName)
      const layers = request.layerDigests.map((layerDigest) => {
        const bytes = repository.blobs.has(layerDigest) ? store.get(layerDigest) : undefined
        if (bytes && hidesBlob(state, repository, layerDigest)) {
          return { layerDigest, layerAvailability: 'ARCHIVED', layerSize: bytes.length }
        }
        return bytes
          ? { layerDigest, layerAvailability: 'AVAILABLE', layerSize: bytes.length }
          : { layerDigest, layerAvailability: 'UNAVAILABLE' }
      })
      return { layers, failures: [] }
    },
  }
}

function isOfStatus(
  state: EcrState,
  repository: EcrRepository,
  digest: string,
  wanted: ImageStatus | 'ANY',
): boolean {
  return wanted === 'ANY' || statusOf(state, repository, digest) === wanted
}

function lookUp(repository: EcrRepository, id: ImageId): StoredManifest | undefined {
  const byTag = id.imageTag === undefined ? undefined : repository.tags.get(id.imageTag)
  if (id.imageTag !== undefined && id.imageDigest !== undefined && byTag !== id.imageDigest) {
    return undefined
  }
  return repository.manifests.get(byTag ?? id.imageDigest ?? '')
}

function requireImage(state: EcrState, repository: EcrRepository, id: ImageId): StoredManifest {
  const image = lookUp(repository, id)
  if (image) return image
  const shown = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`
  throw new ApiError(
    'ImageNotFoundException',
    `The image with imageId ${shown} does not exist within the repository with name '${repository.name}' in the registry with id '${state.place.account}'`,
  )
}

function partition(repository: EcrRepository, ids: readonly ImageId[]) {
  const looked = ids.map((id) => ({ id, image: lookUp(repository, id) }))
  return {
    found: looked.flatMap(({ id, image }) => (image ? [{ id, image }] : [])),
    failures: looked.flatMap(({ id, image }) => (image ? [] : [missing(id)])),
  }
}

function missing(id: ImageId): object {
  return id.imageTag === undefined && id.imageDigest === undefined
    ? failure(
        id,
        'MissingDigestAndTag',
        'Invalid request parameters: both tag and digest cannot be null',
      )
    : failure(id, 'ImageNotFound', 'Requested image not found')
}

function failure(imageId: ImageId, failureCode: string, failureReason: string): object {
  return { imageId, failureCode, failureReason }
}

function tagsOf(repository: EcrRepository, digest: string): string[] {
  return [...repository.tags].filter(([, value]) => value === digest).map(([tag]) => tag)
}

function detail(state: EcrState, repository: EcrRepository, image: StoredManifest): object {
  const body = parseManifest(image)
  const imageTags = tagsOf(repository, image.digest)
  const artifactMediaType = body.artifactType ?? body.config?.mediaType
  return {
    registryId: state.place.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(imageTags.length > 0 && { imageTags }),
    imageSizeInBytes: sizeOf(repository, image),
    imagePushedAt: image.pushedAt / 1000,
    imageManifestMediaType: image.mediaType,
    ...(artifactMediaType !== undefined && { artifactMediaType }),
    imageStatus: statusOf(state, repository, image.digest),
  }
}

/** Returns the size of the largest image of an index, not their sum. */
function sizeOf(repository: EcrRepository, image: StoredManifest): number {
  const body = parseManifest(image)
  const children = (body.manifests ?? []).map(({ digest }) => {
    const child = repository.manifests.get(digest)
    return child ? sizeOf(repository, child) : 0
  })
  const own = blobsOf(body).length === 0 ? [] : [body.config, ...(body.layers ?? [])]
  const sum = own.reduce((total, blob) => total + (blob?.size ?? 0), 0)
  return Math.max(sum, ...children)
}

function isChild(repository: EcrRepository, digest: string): boolean {
  return [...repository.manifests.values()].some((image) =>
    parseManifest(image).manifests?.some((child) => child.digest === digest),
  )
}

/** Removes a tag. The image is deleted with its last tag, as in ECR. */
function remove(repository: EcrRepository, id: ImageId, image: StoredManifest): void {
  if (id.imageTag !== undefined) {
    repository.tags.delete(id.imageTag)
    if (tagsOf(repository, image.digest).length > 0) return
  }
  for (const tag of tagsOf(repository, image.digest)) repository.tags.delete(tag)
  repository.manifests.delete(image.digest)
}
