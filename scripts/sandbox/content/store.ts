import { digestOf } from './seed.ts'

/** All blobs of the sandbox, each stored once for all registries and repositories. */
export interface ContentStore {
  /** Stores the bytes and returns their digest. */
  put(content: Buffer, digest?: string): string
  get(digest: string): Buffer | undefined
}

export function createContentStore(): ContentStore {
  const blobs = new Map<string, Buffer>()
  return {
    put(content, digest = digestOf(content)) {
      if (!blobs.has(digest)) blobs.set(digest, content)
      return digest
    },
    get: (digest) => blobs.get(digest),
  }
}
