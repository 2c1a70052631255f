import { crc32 } from 'node:zlib'
import { Header } from 'tar'

export interface ArchiveEntry {
  readonly path: string
  readonly content: Buffer
}

/** Any fixed moment will do; this one is old enough not to lie in any reader's future. */
export const archiveTime = new Date('2024-01-01T00:00:00Z')

const blockSize = 512

/** A tar archive whose bytes depend on its entries alone: sorted, one owner, one time. */
export function writeTar(entries: readonly ArchiveEntry[]): Buffer {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const parts = sorted.flatMap(({ path, content }) => [
    encodeHeader(path, content.length),
    content,
    Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * blockSize)])
}

function encodeHeader(path: string, size: number): Buffer {
  const block = Buffer.alloc(blockSize)
  const header = new Header({
    path,
    size,
    mode: 0o644,
    uid: 0,
    gid: 0,
    type: 'File',
    mtime: archiveTime,
  })
  // `encode` answers true when a pax header would be needed, that is for names beyond the ustar limits.
  if (header.encode(block, 0)) throw new Error(`archive: "${path}" is too long a name`)
  return block
}

/**
 * Gzip without compression (RFC 1951, stored blocks). Deflate's output may change with the zlib that Node was
 * built with; these bytes never do, so digests are the same everywhere.
 */
export function storeGzip(content: Buffer): Buffer {
  const limit = 0xffff
  const parts: Buffer[] = [Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)]
  for (let start = 0; start === 0 || start < content.length; start += limit) {
    const block = content.subarray(start, start + limit)
    const head = Buffer.alloc(5)
    head[0] = start + limit >= content.length ? 1 : 0
    head.writeUInt16LE(block.length, 1)
    head.writeUInt16LE(block.length ^ 0xffff, 3)
    parts.push(head, block)
  }
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(crc32(content), 0)
  tail.writeUInt32LE(content.length, 4)
  return Buffer.concat([...parts, tail])
}
