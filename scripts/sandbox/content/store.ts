import { digestOf } from './seed.ts'

/** Every blob of the sandbox, once, whichever registry and repository it belongs to. */
export interface ContentStore {
  /** Keeps the bytes and returns their digest. */
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
