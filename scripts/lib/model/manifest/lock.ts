import { recordFrom } from '../tree/tree.ts'
import { blobsOf, bytesOf, type Child, type Content } from '../image/content.ts'

/**
 * The optional lock, `manifests/private-ecr-lock.json`: details of each image and chart. Plans, deadlines, order,
 * mounts and progress use it; without it they degrade and report that.
 */
export interface Lock {
  /** By canonical reference. */
  readonly images: Readonly<Record<string, LockedImage>>
  /** By `<repository> <name> <version as published>`. */
  readonly charts: Readonly<Record<string, LockedChart>>
}

/** An image's digest, and its content if known: a HEAD request returns only the digest. */
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

/** Returns the content of a locked image; undefined when the lock has only its digest. */
export function contentOf({ mediaType, children, blobs }: LockedImage): Content | undefined {
  if (mediaType === undefined) return undefined
  return { mediaType, ...(children && { children }), ...(blobs && { blobs }) }
}

/** Returns contents by root digest, which identifies an image under any name. */
export function contentsOf({ images }: Lock): Map<string, Content> {
  const contents = new Map<string, Content>()
  for (const image of Object.values(images)) {
    const content = contentOf(image)
    if (content !== undefined) contents.set(image.digest, content)
  }
  return contents
}

/** Returns a lock with more images; existing entries are replaced. */
export function extendLock(lock: Lock, images: Readonly<Record<string, LockedImage>>): Lock {
  const all = [...Object.entries(lock.images), ...Object.entries(images)]
  return { ...lock, images: recordFrom(all) }
}

/** Returns the total bytes of images, and those of their distinct blobs: the difference is what mounting saves. */
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
