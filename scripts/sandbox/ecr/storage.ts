import { blobsOf, findManifest, parseManifest, type Repository } from '../content/repository.ts'
import type { EcrRepository, EcrState } from './state.ts'
import type { ImageFailure, ImageStatus } from './hindrance.ts'

export function statusOf(state: EcrState, repository: EcrRepository, digest: string): ImageStatus {
  const hindrance = repository.hindrances.get(digest)
  if (hindrance?.kind === 'archived') return 'ARCHIVED'
  return hindrance?.kind === 'restoring' && hindrance.until > state.now() ? 'ACTIVATING' : 'ACTIVE'
}

/** Returns the failure that BatchGetImage reports for a manifest; `undefined` if it can be read. */
export function failureOf(
  state: EcrState,
  repository: EcrRepository,
  digest: string,
): ImageFailure | undefined {
  const hindrance = repository.hindrances.get(digest)
  if (hindrance?.kind === 'failure') return hindrance
  if (statusOf(state, repository, digest) === 'ACTIVE') return undefined
  return {
    failureCode: 'ImageInaccessible',
    failureReason: 'The image is archived and cannot be accessed',
  }
}

/** Archives a manifest together with its children. */
export function archiveImage(repository: EcrRepository, digest: string): void {
  repository.hindrances.set(digest, { kind: 'archived' })
  for (const child of childrenOf(repository, digest)) archiveImage(repository, child)
}

/** Starts restoring a manifest. Its children have to be restored separately. */
export function restoreImage(state: EcrState, repository: EcrRepository, digest: string): void {
  if (statusOf(state, repository, digest) !== 'ARCHIVED') return
  repository.hindrances.set(digest, {
    kind: 'restoring',
    until: state.now() + state.restoreMilliseconds,
  })
}

/** Returns true if requests for a manifest are answered as if it did not exist. */
export function hidesManifest(state: EcrState, { name }: Repository, reference: string): boolean {
  const repository = state.repositories.get(name)
  if (repository === undefined) return false
  const manifest = findManifest(repository, reference)
  return manifest !== undefined && failureOf(state, repository, manifest.digest) !== undefined
}

/** Returns true if every manifest that names a blob is hidden. */
export function hidesBlob(state: EcrState, { name }: Repository, digest: string): boolean {
  const repository = state.repositories.get(name)
  if (repository === undefined) return false
  const users = [...repository.manifests.values()].filter((manifest) =>
    blobsOf(parseManifest(manifest)).includes(digest),
  )
  return users.length > 0 && users.every((user) => hidesManifest(state, repository, user.digest))
}

function childrenOf(repository: EcrRepository, digest: string): string[] {
  const manifest = repository.manifests.get(digest)
  return manifest ? (parseManifest(manifest).manifests ?? []).map((child) => child.digest) : []
}
