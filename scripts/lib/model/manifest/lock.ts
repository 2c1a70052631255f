import { recordFrom } from '../tree/tree.ts'
import { blobsOf, bytesOf, type Child, type Content } from '../image/content.ts'

/**
 * The optional lock, `manifests/private-ecr-lock.json`: what is known of each image and chart beyond its name.
 * Plans, deadlines, order, mounts and progress read it; without it they degrade and say so.
 */
export interface Lock {
  /** By canonical reference. */
  readonly images: Readonly<Record<string, LockedImage>>
  /** By `<repository> <name> <version as published>`. */
  readonly charts: Readonly<Record<string, LockedChart>>
}

/** An image's digest, and its content where that is known: a HEAD tells the one and not the other. */
export interface LockedImage {
  readonly digest: string
  readonly mediaType?: string
  readonly children?: readonly Child[]
  /** Config and layers of a single manifest. */
  readonly blobs?: Readonly<Record<string, number>>
}

export interface LockedChart {
  /** SHA-256 of the archive, which is also the digest of its layer in a registry. */
  readonly digest: string
}

export const emptyLock: Lock = { images: recordFrom([]), charts: recordFrom([]) }

/** What a locked image consists of; nothing when the lock has its digest alone. */
export function contentOf({ mediaType, children, blobs }: LockedImage): Content | undefined {
  if (mediaType === undefined) return undefined
  return { mediaType, ...(children && { children }), ...(blobs && { blobs }) }
}

/** Contents by root digest: a digest says all, whichever name it has. */
export function contentsOf({ images }: Lock): Map<string, Content> {
  const contents = new Map<string, Content>()
  for (const image of Object.values(images)) {
    const content = contentOf(image)
    if (content !== undefined) contents.set(image.digest, content)
  }
  return contents
}

/** A lock with more images in it; those that it had are replaced. */
export function extendLock(lock: Lock, images: Readonly<Record<string, LockedImage>>): Lock {
  const all = [...Object.entries(lock.images), ...Object.entries(images)]
  return { ...lock, images: recordFrom(all) }
}

/** Bytes that images have by themselves, and those of their distinct blobs: the difference is what mounting saves. */
export function weigh(contents: Iterable<Content>): {
  readonly all: number
  readonly unique: number
} {
  const blobs = new Map<string, number>()
  let all = 0
  for (const content of contents) {
    all += bytesOf(content) ?? 0
    for (const [digest, size] of blobsOf(content)) blobs.set(digest, size)
  }
  return { all, unique: [...blobs.values()].reduce((sum, size) => sum + size, 0) }
}
