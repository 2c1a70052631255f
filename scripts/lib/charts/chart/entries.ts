import type { Stats } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { hasCode } from '../../model/problem.ts'
import { type Budget, limits } from './budget.ts'
import { createHeaderReader, type TarEntry } from './headers.ts'

/** Files by their path below the one root folder of an archive. */
export type Entries = ReadonlyMap<string, Buffer>

/** helm treats every other entry as a file; to helm, a link is an empty file. */
const folders: ReadonlySet<string> = new Set(['Directory'])

const contents: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

/**
 * Reads the files of a chart archive from its compressed bytes. Never unpacks more than the budget allows, and yields
 * to other work between two chunks. Throws an `Error` that describes the fault.
 *
 * @param isWanted decides by path whether the content of a file is kept; all files are counted
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

/** Replaces zlib's messages, which do not help a user. */
function explain(error: unknown): unknown {
  if (hasCode(error, 'Z_DATA_ERROR')) return new Error('it is not a gzip archive, or it is damaged')
  if (hasCode(error, 'Z_BUF_ERROR')) return new Error('the archive is truncated')
  return error
}

interface Reader {
  readonly read: (chunk: Buffer) => void
  readonly end: () => Entries
}

/** Creates a reader for the tar stream of an archive. */
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
        // helm keeps both: it merges two Chart.yaml files, and installs both of two files in crds/.
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
  // Called for each entry when its header is read; the entry itself may come later.
  const filter = (_: string, entry: Stats | ReadEntry) => {
    const twin = expected.shift()
    // helm would see different files from those read here, such as a schema that loads URLs, or another Chart.yaml.
    if ('type' in entry && !isSame(entry, twin)) {
      refuse(new Error(`tar readers disagree about its entry "${twin?.path ?? entry.path}"`))
    }
    // To helm, an entry that is not a file has no content, whatever its size field says: bytes skipped here are entries
    // there.
    if ('type' in entry && !contents.has(entry.type) && entry.size !== 0) {
      refuse(new Error(`its entry "${entry.path}" is not a file but has content`))
    }
    return true
  }
  const parser = new Parser({
    strict: true,
    // The parser would unpack a second compression layer, which nothing counts.
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
      // Counts unpacked bytes, including headers and everything after the end of the tar.
      budget.addBytes(chunk.length)
      // The parser automatically unpacks a second compression layer, which nothing counts.
      if (!isBegun && chunk[0] === compressedStart) throw new Error('it is compressed twice')
      isBegun = true
      // Data after the end is dropped; the parser would accumulate it.
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

/** The first byte of gzip data; no path starts with it. */
const compressedStart = 0x1f

/** Counts an entry and returns its path below the root folder. */
function admit({ path, linkpath, size, type }: ReadEntry, budget: Budget): string {
  budget.addEntry(path)
  if (escapes(path) || (linkpath !== undefined && escapes(linkpath))) {
    throw new Error(`its entry "${path}" points outside the chart folder`)
  }
  const names = (folders.has(type) ? path.replace(/\/$/, '') : path).split('/')
  // helm cleans names and treats backslashes as slashes, so it would find a different file from the one seen here.
  if (path.includes('\\') || names.some((name) => name === '' || name === '.')) {
    throw new Error(`its entry "${path}" has a path that "helm package" never writes`)
  }
  if (size > limits.fileBytes) {
    throw new Error(`its file "${path}" is larger than 5 MiB, the limit of helm`)
  }
  return path.replace(/^(?:\.\/)?[^/]+\//, '')
}

function escapes(path: string): boolean {
  return path.startsWith('/') || /^[a-zA-Z]:/.test(path) || path.split(/[/\\]/).includes('..')
}
