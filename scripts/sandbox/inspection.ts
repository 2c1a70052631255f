import {
  addArtifact,
  type Artifact,
  blobsOf,
  findManifest,
  parseManifest,
  type Repository,
} from './content/repository.ts'
import { addRepository, type EcrState } from './ecr/state.ts'
import { archiveImage, statusOf } from './ecr/storage.ts'
import { parseReference } from '../lib/model/image/reference.ts'
import { unwrap } from '../lib/model/problem.ts'
import type { Sandbox } from './options.ts'
import type { UpstreamImages } from './upstream/images.ts'

type Inspection = Pick<
  Sandbox,
  | 'upstreamDigest'
  | 'replaceUpstream'
  | 'removeUpstream'
  | 'ecrRepositories'
  | 'ecrSettings'
  | 'ecrImages'
  | 'ecrManifest'
  | 'createEcrRepository'
  | 'putEcrImage'
  | 'archiveEcrImage'
  | 'failEcrImage'
  | 'ecrImageStatus'
>

/** Reads and changes the content of both sides without the clients noticing. */
export function createInspection(images: UpstreamImages, state: EcrState): Inspection {
  const { repositories } = state
  const imageOf = (name: string, reference: string) => {
    const repository = repositories.get(name)
    const manifest = repository && findManifest(repository, reference)
    if (!manifest) throw new Error(`the sandbox's ECR has no "${reference}" in "${name}"`)
    return { repository, digest: manifest.digest }
  }
  return {
    upstreamDigest: (reference) => images.digestOf(reference),
    replaceUpstream: (reference) => images.replace(reference),
    removeUpstream: (reference) => images.remove(reference),
    ecrRepositories: () => [...repositories.keys()].toSorted(),
    ecrSettings: (name) => repositories.get(name)?.settings,
    ecrImages(name) {
      const repository = repositories.get(name)
      return (
        repository && {
          tags: Object.fromEntries(repository.tags),
          manifests: [...repository.manifests.keys()],
        }
      )
    },
    ecrManifest(name, reference) {
      const repository = repositories.get(name)
      return repository && findManifest(repository, reference)
    },
    createEcrRepository: (name, options) => void addRepository(state, name, options),
    putEcrImage(name, tag, image) {
      const { registry, path, digest, tag: sourceTag } = unwrap(parseReference(image))
      const source = images.find(registry, path)
      const artifact = source && extract(source, digest ?? sourceTag ?? 'latest')
      if (!artifact) throw new Error(`the sandbox has no image "${image}"`)
      const target = repositories.get(name) ?? addRepository(state, name)
      addArtifact(target, artifact, tag, state.now())
      for (const { digest: pushed } of artifact.manifests) target.hindrances.delete(pushed)
      return artifact.digest
    },
    archiveEcrImage(name, reference) {
      const { repository, digest } = imageOf(name, reference)
      archiveImage(repository, digest)
    },
    failEcrImage(name, reference, failure) {
      const { repository, digest } = imageOf(name, reference)
      repository.hindrances.set(digest, { kind: 'failure', ...failure })
    },
    ecrImageStatus(name, reference) {
      const { repository, digest } = imageOf(name, reference)
      return statusOf(state, repository, digest)
    },
  }
}

/** Removes an image and everything below it from a repository. */
function extract(repository: Repository, reference: string): Artifact | undefined {
  const root = findManifest(repository, reference)
  if (!root) return undefined
  const body = parseManifest(root)
  const children = (body.manifests ?? []).flatMap(({ digest }) => extract(repository, digest) ?? [])
  return {
    digest: root.digest,
    manifests: [...children.flatMap(({ manifests }) => manifests), root],
    blobs: [...children.flatMap(({ blobs }) => blobs), ...blobsOf(body)],
  }
}
