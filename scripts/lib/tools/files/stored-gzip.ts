import { crc32 } from 'node:zlib'

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
