import { limits } from './budget.ts'

/** A tar entry as helm sees it. */
export interface TarEntry {
  readonly path: string
  readonly size: number
  readonly isFolder: boolean
}

const blockLength = 512

/** Types of headers that describe the next entry, or all entries. */
const extensions: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K'])

/** Types of entries that have no content to helm, whatever their size field says: links, devices, folders and pipes. */
const withoutContent: ReadonlySet<string> = new Set(['1', '2', '3', '4', '5', '6'])

/**
 * Creates a function that reads tar headers as helm does (Go's archive/tar), chunk by chunk. It returns the entries
 * whose headers a chunk completes, and throws an `Error` for headers that helm rejects or that readers interpret
 * differently.
 */
export function createHeaderReader(): (chunk: Buffer) => TarEntry[] {
  const head = Buffer.alloc(blockLength)
  let filled = 0
  /** Bytes of content and padding before the next header. */
  let left = 0
  let extension:
    { readonly flag: string; readonly size: number; readonly parts: Buffer[] } | undefined
  let isEmpty = false
  let isOver = false
  const pending = createPending()
  const readBlock = (): TarEntry[] => {
    if (head.every((byte) => byte === 0)) {
      isOver = isEmpty
      isEmpty = true
      return []
    }
    isEmpty = false
    const flag = head.toString('latin1', 156, 157)
    const claimed = numberAt(head, 124, 12)
    const size = withoutContent.has(flag) ? 0 : claimed
    left = Math.ceil(size / blockLength) * blockLength
    if (extensions.has(flag)) {
      // The parser rejects a longer one.
      if (size <= limits.headerBytes) extension = { flag, size, parts: [] }
      return []
    }
    const { path = nameIn(head), sizes } = pending.take()
    if (sizes.some((one) => one !== `${claimed}`)) throw otherRecord('size')
    const isFolder = flag === '5' || (flag === '\0' && path.endsWith('/')) || isFolderMode(head)
    return [{ path, size, isFolder }]
  }
  return (chunk) => {
    const entries: TarEntry[] = []
    for (let at = 0; at < chunk.length;) {
      if (isOver) break
      const part = chunk.subarray(at, at + (left > 0 ? left : blockLength - filled))
      at += part.length
      if (left > 0) {
        left -= part.length
        extension?.parts.push(part)
      } else {
        part.copy(head, filled)
        filled = (filled + part.length) % blockLength
        if (filled === 0) entries.push(...readBlock())
      }
      if (left > 0 || filled > 0 || extension === undefined) continue
      pending.add(extension.flag, Buffer.concat(extension.parts).subarray(0, extension.size))
      extension = undefined
    }
    return entries
  }
}

/** Returns the text in a header field, which ends at its first zero byte. */
function textAt(head: Buffer, start: number, length: number): string {
  const field = head.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? length : end)
}

function numberAt(head: Buffer, start: number, length: number): number {
  // The GNU encoding of large numbers.
  if (head[start] === 0x80) {
    return Number(BigInt(`0x${head.toString('hex', start + 1, start + length)}`))
  }
  const text = head.toString('latin1', start, start + length)
  const number = /^(?: *([0-7]+))?[ \0]*$/.exec(text)
  if (number === null) throw new Error('one of its tar headers contains an invalid number')
  return Number.parseInt(number[1] ?? '0', 8)
}

/** True when the mode marks a folder: helm skips such an entry, whatever its type. */
function isFolderMode(head: Buffer): boolean {
  return (numberAt(head, 100, 8) & 0o170000) === 0o040000
}

function nameIn(head: Buffer): string {
  const name = textAt(head, 0, 100)
  const magic = head.toString('latin1', 257, 263)
  if (magic === 'ustar\0') {
    const isStar = head.toString('latin1', 508) === 'tar\0'
    const prefix = textAt(head, 345, isStar ? 131 : 155)
    return prefix === '' ? name : `${prefix}/${name}`
  }
  // Go reads this as the start of the name in some GNU headers, and as a time in others.
  if (magic === 'ustar ' && head[345] !== 0)
    throw new Error('one of its tar headers has an unsupported format')
  return name
}

/** Records of extended headers that change neither the name nor the content of an entry, for any reader. */
const harmless =
  /^(?:path|linkpath|mtime|atime|ctime|uid|gid|uname|gname|comment|(?:SCHILY|LIBARCHIVE)\..*)$/s

function otherRecord(key: string): Error {
  return new Error(`one of its extended tar headers sets "${key}"`)
}

/** Collects what extended headers declare for the next entry. */
function createPending() {
  let isStart = true
  let isPending = false
  let path: string | undefined
  let sizes: readonly string[] = []
  return {
    add(flag: string, content: Buffer) {
      const isRecords = flag === 'x' || flag === 'g'
      const records = isRecords ? readRecords(content) : []
      // git starts its archives with one that applies to all entries.
      const isComment = records.length > 0 && records.every(([key]) => key === 'comment')
      if (!(isComment && isStart)) {
        if (isPending) throw new Error('one of its entries has more than one extended header')
        isPending = true
      }
      isStart = false
      // node-tar repeats the size of an entry; most readers would use a different one.
      const isKnown = (key: string) => harmless.test(key) || (key === 'size' && flag === 'x')
      const other = records.find(([key]) => !isKnown(key))
      if (other !== undefined) throw otherRecord(other[0])
      const named = records.findLast(([key]) => key === 'path')?.[1]
      if (flag === 'x') path = named || undefined
      sizes = records.filter(([key]) => key === 'size').map(([, value]) => value)
      if (flag === 'L') path = textAt(content, 0, content.length) || undefined
    },
    /** Returns the path and sizes declared for the entry that follows. */
    take(): { readonly path: string | undefined; readonly sizes: readonly string[] } {
      const taken = { path, sizes }
      path = undefined
      sizes = []
      isStart = false
      isPending = false
      return taken
    },
  }
}

/** Returns the records of a pax header. Each starts with its own length, because a value may contain any bytes. */
function readRecords(content: Buffer): (readonly [key: string, value: string])[] {
  const records: (readonly [string, string])[] = []
  for (let at = 0; at < content.length;) {
    const [, length = '0'] = /^([1-9]\d{0,8}) /.exec(content.toString('latin1', at, at + 10)) ?? []
    const record = content.subarray(at, at + Number(length))
    const [start, equals] = [length.length + 1, record.indexOf('=')]
    if (record.length !== Number(length) || equals <= start || record.at(-1) !== 0x0a) {
      throw new Error('one of its extended tar headers is damaged')
    }
    records.push([
      record.toString('utf8', start, equals),
      record.toString('utf8', equals + 1, record.length - 1),
    ])
    at += record.length
  }
  return records
}
