import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { isOwn } from '../../tools/files/links.ts'
import { replaceOwnFile } from '../../tools/files/files.ts'

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** No render is larger: the renderer accepts 64 Mi characters of at most three bytes. */
const maximumBytes = 192 * 1024 * 1024

/** Renders in a private folder, by the hash of everything they depend on. */
export interface RenderCache {
  readonly read: (key: string) => Promise<string | undefined>
  /** Never fails: a render that cannot be stored is rendered again. */
  readonly store: (key: string, text: string) => Promise<void>
}

/** File name of a render. */
export const renderFile = /^[0-9a-f]{64}\.render\.gz$/

/**
 * Opens a cache of renders. A proof is only as good as its render, so an entry counts only when it is a file of the
 * current user that no one else can write to, and when its content matches the hash stored with it for this key.
 *
 * @param folder private, see `makePrivateFolder`
 * @param onStored called after each new entry
 * @param notice called once when entries cannot be stored
 */
export function openRenderCache(
  folder: string,
  { onStored, notice }: { readonly onStored?: () => void; readonly notice: (text: string) => void },
): RenderCache {
  let isTold = false
  return {
    read: (key) => readEntry(fileOf(folder, key), key),
    async store(key, text) {
      try {
        const content = await zip(`${checksumOf(key, text)}\n${text}`)
        await replaceOwnFile(fileOf(folder, key), content)
        onStored?.()
      } catch (error) {
        if (isTold) return
        isTold = true
        const words = error instanceof Error ? error.message : String(error)
        notice(`could not cache renders in "${folder}": ${words}`)
      }
    },
  }
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${key}.render.gz`)
}

function checksumOf(key: string, text: string): string {
  return createHash('sha256').update(`${key}\n${text}`).digest('hex')
}

async function readEntry(file: string, key: string): Promise<string | undefined> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const info = await handle.stat()
    if (!info.isFile() || !isOwn(info) || (info.mode & 0o022) !== 0) return undefined
    const content = await unzip(await handle.readFile(), { maxOutputLength: maximumBytes })
    const entry = content.toString('utf8')
    const end = entry.indexOf('\n')
    const text = entry.slice(end + 1)
    if (end === -1 || entry.slice(0, end) !== checksumOf(key, text)) return undefined
    // The time of its last use, from which entries expire.
    const now = new Date()
    await handle.utimes(now, now)
    return text
  } catch {
    // A missing or damaged entry is rendered again.
    return undefined
  } finally {
    await handle?.close()
  }
}
