import { createHash, type Hash, randomUUID } from 'node:crypto'
import type { Call, Reply } from '../net/call.ts'
import type { Repository } from '../content/repository.ts'
import type { ContentStore } from '../content/store.ts'
import { digestInvalid, registryError } from './errors.ts'

/** An upload in progress: the chunks received so far, hashed as they arrive. */
interface Upload {
  readonly repository: string
  readonly chunks: Buffer[]
  readonly hash: Hash
  size: number
}

export interface Uploads {
  /** POST: opens an upload, or completes it at once if the digest is given. */
  start(call: Call, repository: Repository): Promise<Reply>
  /** PATCH, PUT, GET and DELETE of an open upload. */
  advance(call: Call, repository: Repository, id: string): Promise<Reply>
}

export function createUploads(store: ContentStore): Uploads {
  const open = new Map<string, Upload>()

  const finish = (upload: Upload, repository: Repository, digest: string): Reply => {
    if (`sha256:${upload.hash.digest('hex')}` !== digest) return digestInvalid()
    // A known blob is not stored again.
    if (!store.get(digest)) store.put(Buffer.concat(upload.chunks, upload.size), digest)
    repository.blobs.add(digest)
    return blobCreated(repository.name, digest)
  }

  return {
    async start(call, repository) {
      const upload: Upload = {
        repository: repository.name,
        chunks: [],
        hash: createHash('sha256'),
        size: 0,
      }
      const digest = call.query.get('digest')
      if (digest !== null) {
        await receive(call, upload)
        return finish(upload, repository, digest)
      }
      const id = randomUUID()
      open.set(id, upload)
      return progress(202, repository.name, id, upload)
    },

    async advance(call, repository, id) {
      const upload = open.get(id)
      if (!upload || upload.repository !== repository.name) return uploadUnknown()
      switch (call.method) {
        case 'GET':
          return progress(204, repository.name, id, upload)
        case 'DELETE':
          open.delete(id)
          return { status: 204 }
        case 'PATCH': {
          if (!continues(call, upload)) return rangeInvalid(repository.name, id, upload)
          await receive(call, upload)
          return progress(202, repository.name, id, upload)
        }
        case 'PUT': {
          await receive(call, upload)
          open.delete(id)
          return finish(upload, repository, call.query.get('digest') ?? '')
        }
        default:
          return registryError(405, 'UNSUPPORTED', 'The operation is unsupported.')
      }
    },
  }
}

async function receive(call: Call, upload: Upload): Promise<void> {
  for await (const chunk of call.stream()) {
    upload.chunks.push(chunk)
    upload.hash.update(chunk)
    upload.size += chunk.length
  }
}

/** Returns false for a chunk that states a start other than the end of the last chunk. */
function continues(call: Call, upload: Upload): boolean {
  const start = /^(?:bytes )?(\d+)-/.exec(call.headers['content-range'] ?? '')?.[1]
  return start === undefined || Number(start) === upload.size
}

function progressHeaders(name: string, id: string, upload: Upload): Record<string, string> {
  return {
    location: `/v2/${name}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, upload.size - 1)}`,
    'docker-upload-uuid': id,
  }
}

function progress(status: number, name: string, id: string, upload: Upload): Reply {
  return { status, headers: progressHeaders(name, id, upload) }
}

function rangeInvalid(name: string, id: string, upload: Upload): Reply {
  return registryError(
    416,
    'BLOB_UPLOAD_INVALID',
    'The chunk does not continue the upload',
    progressHeaders(name, id, upload),
  )
}

export function blobCreated(name: string, digest: string): Reply {
  return {
    status: 201,
    headers: { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest },
  }
}

function uploadUnknown(): Reply {
  return registryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')
}
