import { blobsOf, type Content } from '../../model/image/content.ts'

/** Which repositories of the target hold which blob, as far as this run knows. */
export interface BlobHolders {
  /** Says that an image with this content is in a repository: only what an image refers to can be mounted. */
  readonly add: (repository: string, content: Content) => void
  /** A repository from which this one may take the blob over; none when nobody holds it, or it is there already. */
  readonly siblingWith: (blob: string, repository: string) => string | undefined
  readonly has: (blob: string) => boolean
  /** Takes back what turned out to be wrong. */
  readonly forget: (blob: string, repository: string) => void
}

/**
 * @param encryptionOf the encryption of a repository, key included: ECR mounts only between repositories with the same
 *   (its blob mounting page)
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
