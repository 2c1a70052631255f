import { blobsOf, type Content } from '../../model/image/content.ts'

/** The blobs that each repository of the target holds, as far as this run knows. */
export interface BlobHolders {
  /** Records that a repository has an image with this content: only blobs that an image refers to can be mounted. */
  readonly add: (repository: string, content: Content) => void
  /** Returns a repository to mount the blob from; none when no other has it, or it is already present. */
  readonly siblingWith: (blob: string, repository: string) => string | undefined
  readonly has: (blob: string) => boolean
  /** Removes a record that turned out to be wrong. */
  readonly forget: (blob: string, repository: string) => void
}

/**
 * @param encryptionOf the encryption of a repository, key included: ECR mounts only between repositories with the same
 *   encryption (its blob mounting page)
 */
export function createHolders(encryptionOf: (repository: string) => string): BlobHolders {
  const holders = new Map<string, Set<string>>()
  return {
    add(repository, content) {
      for (const blob of blobsOf(content).keys()) {
        const known = holders.get(blob)
        if (known === undefined) holders.set(blob, new Set([repository]))
        else known.add(repository)
      }
    },
    siblingWith(blob, repository) {
      const known = holders.get(blob)
      if (known === undefined || known.has(repository)) return undefined
      const encryption = encryptionOf(repository)
      return [...known].find((one) => encryptionOf(one) === encryption)
    },
    has: (blob) => (holders.get(blob)?.size ?? 0) > 0,
    forget(blob, repository) {
      const known = holders.get(blob)
      known?.delete(repository)
      if (known?.size === 0) holders.delete(blob)
    },
  }
}
