import { Header } from 'tar'

export { storeGzip } from '../../lib/tools/files/stored-gzip.ts'

export interface ArchiveEntry {
  readonly path: string
  readonly content: Buffer
}

/** An arbitrary fixed time, old enough not to be in the future on any machine. */
export const archiveTime = new Date('2024-01-01T00:00:00Z')

const blockSize = 512

/** Writes a tar archive whose bytes depend only on its entries: sorted, with one owner and one time. */
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
  // `encode` returns true if a pax header is needed, which is the case for names beyond the ustar limits.
  if (header.encode(block, 0)) throw new Error(`archive: "${path}" is too long a name`)
  return block
}
