import { blobsOf, findManifest, parseManifest, type Repository } from '../content/repository.ts'
import type { EcrRepository, EcrState } from './state.ts'
import type { ImageFailure, ImageStatus } from './hindrance.ts'

export function statusOf(state: EcrState, repository: EcrRepository, digest: string): ImageStatus {
  const hindrance = repository.hindrances.get(digest)
  if (hindrance?.kind === 'archived') return 'ARCHIVED'
  return hindrance?.kind === 'restoring' && hindrance.until > state.now() ? 'ACTIVATING' : 'ACTIVE'
}

/** What BatchGetImage answers in place of a manifest; nothing for one that it gives. */
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

/** Puts a manifest into the archive; those beneath it go along. */
export function archiveImage(repository: EcrRepository, digest: string): void {
  repository.hindrances.set(digest, { kind: 'archived' })
  for (const child of childrenOf(repository, digest)) archiveImage(repository, child)
}

/** Begins to take a manifest out of the archive, and no other: whoever wants its children has to ask for them. */
export function restoreImage(state: EcrState, repository: EcrRepository, digest: string): void {
  if (statusOf(state, repository, digest) !== 'ARCHIVED') return
  repository.hindrances.set(digest, {
    kind: 'restoring',
    until: state.now() + state.restoreMilliseconds,
  })
}

/** Whether a request for a manifest is answered as if it were not there. */
export function hidesManifest(state: EcrState, { name }: Repository, reference: string): boolean {
  const repository = state.repositories.get(name)
  if (repository === undefined) return false
  const manifest = findManifest(repository, reference)
  return manifest !== undefined && failureOf(state, repository, manifest.digest) !== undefined
}

/** A blob is hidden when every manifest that names it is. */
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
