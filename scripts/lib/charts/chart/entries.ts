import type { Stats } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { hasCode } from '../../model/problem.ts'
import { type Budget, limits } from './budget.ts'
import { createHeaderReader, type TarEntry } from './headers.ts'

/** Files by their path below the one root folder of an archive. */
export type Entries = ReadonlyMap<string, Buffer>

/** helm takes every other entry for a file: a link is an empty one to it. */
const folders: ReadonlySet<string> = new Set(['Directory'])

const contents: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

/**
 * Reads the files of a chart archive from its compressed bytes. Nothing beyond the budget is ever unpacked; between two
 * pieces of the archive other work gets its turn. Throws an `Error` that says what is wrong with it.
 *
 * @param isWanted tells by its path whether the content of a file is kept; all are counted
 */
export async function readEntries(
  packed: AsyncIterable<Buffer>,
  budget: Budget,
  isWanted: (path: string) => boolean = () => true,
): Promise<Entries> {
  const reader = createReader(budget, isWanted)
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      budget.addPacked(chunk.length)
      yield chunk
    }
  }
  try {
    await pipeline(packed, counted, createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) reader.read(chunk)
    })
  } catch (error) {
    throw explain(error)
  }
  return reader.end()
}

/** The words of zlib tell a person nothing. */
function explain(error: unknown): unknown {
  if (hasCode(error, 'Z_DATA_ERROR')) return new Error('it is not a gzip archive, or it is damaged')
  if (hasCode(error, 'Z_BUF_ERROR')) return new Error('the archive is truncated')
  return error
}

interface Reader {
  readonly read: (chunk: Buffer) => void
  readonly end: () => Entries
}

/** The tar of an archive, as its bytes come in. */
function createReader(budget: Budget, isWanted: (path: string) => boolean): Reader {
  const files = new Map<string, Buffer>()
  const seen = new Set<string>()
  let refusal: unknown
  let isOver = false
  let isBegun = false
  const refuse = (error: unknown) => (refusal ??= error)
  const onReadEntry = (entry: ReadEntry) => {
    try {
      const path = admit(entry, budget)
      if (!folders.has(entry.type) && path !== '' && isWanted(path)) {
        // helm keeps both: it merges a Chart.yaml, and installs each of two files of crds/.
        if (seen.has(path)) throw new Error(`it contains "${path}" twice`)
        seen.add(path)
        const chunks: Buffer[] = []
        entry.on('data', (chunk: Buffer) => void chunks.push(chunk))
        entry.on('end', () => void files.set(path, Buffer.concat(chunks)))
        return
      }
    } catch (error) {
      refuse(error)
    }
    entry.resume()
  }
  const readHeaders = createHeaderReader()
  const expected: TarEntry[] = []
  // Asked for each entry as its header is read; the entry itself may come later.
  const filter = (_: string, entry: Stats | ReadEntry) => {
    const twin = expected.shift()
    // helm would see other files than are read here, such as a schema that loads addresses, or another Chart.yaml.
    if ('type' in entry && !isSame(entry, twin)) {
      refuse(new Error(`tar readers disagree about its entry "${twin?.path ?? entry.path}"`))
    }
    // To helm what is no file has no content, whatever size it claims: what is skipped here are entries there.
    if ('type' in entry && !contents.has(entry.type) && entry.size !== 0) {
      refuse(new Error(`its entry "${entry.path}" is not a file but has content`))
    }
    return true
  }
  const parser = new Parser({
    strict: true,
    // It would unpack a second layer of that kind, which nothing would count.
    zstd: false,
    filter,
    maxMetaEntrySize: limits.headerBytes,
    onReadEntry,
  })
  parser.on('ignoredEntry', ({ type, meta }: ReadEntry) =>
    refuse(
      new Error(
        meta ? 'one of its tar headers is too long' : `it contains an entry of type "${type}"`,
      ),
    ),
  )
  parser.on('error', refuse)
  parser.on('eof', () => (isOver = true))
  const check = () => {
    if (refusal !== undefined) throw refusal
  }
  return {
    read(chunk) {
      // What is counted are bytes as they are unpacked, headers and all that follows the end of the tar included.
      budget.addBytes(chunk.length)
      // The parser unpacks a second layer of its own accord, which nothing would count.
      if (!isBegun && chunk[0] === compressedStart) throw new Error('it is compressed twice')
      isBegun = true
      // What follows the end is not kept: the parser would collect it.
      if (!isOver) {
        expected.push(...readHeaders(chunk))
        parser.write(chunk)
      }
      check()
    },
    end() {
      parser.end()
      check()
      const [missed] = expected
      if (missed !== undefined) {
        throw new Error(`tar readers disagree about its entry "${missed.path}"`)
      }
      return files
    },
  }
}

function isSame(entry: ReadEntry, twin: TarEntry | undefined): boolean {
  if (twin === undefined || entry.path !== twin.path) return false
  // A folder has no content, whatever it claims.
  return (
    (entry.type === 'Directory') === twin.isFolder && (twin.isFolder || entry.size === twin.size)
  )
}

/** First byte of what gzip makes; no path begins with it. */
const compressedStart = 0x1f

/** Counts an entry and returns its path below the root folder. */
function admit({ path, linkpath, size, type }: ReadEntry, budget: Budget): string {
  budget.addEntry(path)
  if (escapes(path) || (linkpath !== undefined && escapes(linkpath))) {
    throw new Error(`its entry "${path}" points outside the chart folder`)
  }
  const names = (folders.has(type) ? path.replace(/\/$/, '') : path).split('/')
  // helm cleans names, and takes backslashes for slashes: it would find another file there than is seen here.
  if (path.includes('\\') || names.some((name) => name === '' || name === '.')) {
    throw new Error(`"helm package" would not write the path of its entry "${path}" like that`)
  }
  if (size > limits.fileBytes) {
    throw new Error(`its file "${path}" is larger than 5 MiB, the limit of helm`)
  }
  return path.replace(/^(?:\.\/)?[^/]+\//, '')
}

function escapes(path: string): boolean {
  return path.startsWith('/') || /^[a-zA-Z]:/.test(path) || path.split(/[/\\]/).includes('..')
}
