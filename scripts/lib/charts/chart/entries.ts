import type { Stats } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { hasCode } from '../../model/problem.ts'
import { type Budget, limits } from './budget.ts'

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
  if (hasCode(error, 'Z_DATA_ERROR')) return new Error('it is not a gzip archive, or a damaged one')
  if (hasCode(error, 'Z_BUF_ERROR')) return new Error('it is only the beginning of an archive')
  return error
}

interface Reader {
  readonly read: (chunk: Buffer) => void
  readonly end: () => Entries
}

/** The tar of an archive, as its bytes come in. */
function createReader(budget: Budget, isWanted: (path: string) => boolean): Reader {
  const files = new Map<string, Buffer>()
  let refusal: unknown
  let isOver = false
  let isBegun = false
  const refuse = (error: unknown) => (refusal ??= error)
  const onReadEntry = (entry: ReadEntry) => {
    try {
      const path = admit(entry, budget)
      if (!folders.has(entry.type) && path !== '' && isWanted(path)) {
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
  const headers = createHeaderCheck()
  // Asked for each entry as its header is read; the entry itself may come later.
  const filter = (_: string, entry: Stats | ReadEntry) => {
    headers.entry()
    // To helm what is no file has no content, whatever size it claims: what is skipped here are entries there.
    if ('type' in entry && !contents.has(entry.type) && entry.size !== 0) {
      refuse(new Error(`its entry "${entry.path}" is no file and has content`))
    }
    return true
  }
  const parser = new Parser({
    strict: true,
    filter,
    maxMetaEntrySize: limits.headerBytes,
    onReadEntry,
  })
  parser.on('ignoredEntry', ({ type, meta }: ReadEntry) =>
    refuse(
      new Error(meta ? 'it has a header that is too long' : `it has an entry of type "${type}"`),
    ),
  )
  parser.on('error', refuse)
  parser.on('meta', (text: string) => {
    try {
      headers.meta(text)
    } catch (error) {
      refuse(error)
    }
  })
  parser.on('eof', () => (isOver = true))
  const check = () => {
    if (refusal !== undefined) throw refusal
  }
  return {
    read(chunk) {
      // What is counted are bytes as they are unpacked, headers and all that follows the end of the tar included.
      budget.addBytes(chunk.length)
      // The parser unpacks a second layer of its own accord, which nothing would count.
      if (!isBegun && chunk[0] === compressedStart) throw new Error('it is packed twice')
      isBegun = true
      // What follows the end is not kept: the parser would collect it.
      if (!isOver) parser.write(chunk)
      check()
    },
    end() {
      parser.end()
      check()
      return files
    },
  }
}

/** Records of extended headers that change neither what an entry is called nor what it holds, to any reader. */
const harmless =
  /^(?:path|linkpath|mtime|atime|ctime|uid|gid|uname|gname|comment|(?:SCHILY|LIBARCHIVE)\..*)$/

/**
 * Refuses headers that this reader and helm's (Go's archive/tar) take for different things: helm would see other files
 * than were read here, such as a schema that loads addresses, or a Chart.yaml with another name.
 */
function createHeaderCheck() {
  let isStart = true
  let isPending = false
  return {
    meta(text: string) {
      const keys = [...text.matchAll(/^\d+ ([^=\n]+)=/gm)].map(([, key = '']) => key)
      const isComment = keys.length > 0 && keys.every((key) => key === 'comment')
      // git begins its archives with one that is of all entries.
      if (!(isComment && isStart)) {
        if (isPending) throw new Error('it has an entry with more than one extended header')
        isPending = true
      }
      isStart = false
      const other = keys.find((key) => !harmless.test(key))
      if (other !== undefined) throw new Error(`it has an extended header with "${other}"`)
    },
    entry() {
      isStart = false
      isPending = false
    },
  }
}

/** First byte of what gzip makes; no path begins with it. */
const compressedStart = 0x1f

/** Counts an entry and returns its path below the root folder. */
function admit({ path, linkpath, size }: ReadEntry, budget: Budget): string {
  budget.addEntry(path)
  if (escapes(path) || (linkpath !== undefined && escapes(linkpath))) {
    throw new Error(`its entry "${path}" leads out of the chart's folder`)
  }
  const names = path.replace(/\/$/, '').split('/')
  // helm cleans names, and takes backslashes for slashes: it would find another file there than is seen here.
  if (path.includes('\\') || names.some((name) => name === '' || name === '.')) {
    throw new Error(`its entry "${path}" is not written as "helm package" writes it`)
  }
  if (size > limits.fileBytes) {
    throw new Error(`its file "${path}" is larger than 5 MiB, which helm does not take`)
  }
  return path.replace(/^(?:\.\/)?[^/]+\//, '')
}

function escapes(path: string): boolean {
  return path.startsWith('/') || /^[a-zA-Z]:/.test(path) || path.split(/[/\\]/).includes('..')
}
