/**
 * The optional lock, `manifests/private-ecr-lock.json`: what is known of each image and chart beyond its name.
 * Plans, deadlines, order and progress read it; without it they degrade and say so.
 */
export interface Lock {
  /** By canonical reference. */
  readonly images: Readonly<Record<string, LockedImage>>
  /** By `<repository> <name> <version as published>`. */
  readonly charts: Readonly<Record<string, LockedChart>>
}

export interface LockedImage {
  readonly digest: string
  /** Bytes of all distinct blobs. */
  readonly bytes?: number
  /** Digests of an index's children, in order; absent for a single manifest. */
  readonly children?: readonly string[]
}

export interface LockedChart {
  /** SHA-256 of the archive, which is also the digest of its layer in a registry. */
  readonly digest: string
}

export const emptyLock: Lock = { images: {}, charts: {} }
