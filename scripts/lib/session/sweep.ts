import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceOwnFile } from '../tools/files/files.ts'
import { renderFile } from '../charts/render/cache.ts'

const day = 24 * 60 * 60_000

export interface SweepLimits {
  /** Bytes of all entries together. */
  readonly bytes: number
  /** Milliseconds after which an unused entry expires. */
  readonly age: number
}

/** Limits of the render cache. */
export const renderLimits: SweepLimits = { bytes: 512 * 1024 * 1024, age: 30 * day }

/** One file of a cache. */
export interface CacheEntry {
  readonly name: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly usedAt: number
}

/** Returns the entries to remove: expired ones, then the least recently used until the rest fits. */
export function chooseExpired(
  entries: readonly CacheEntry[],
  now: number,
  { bytes, age }: SweepLimits,
): string[] {
  let room = bytes
  return entries
    .toSorted((a, b) => b.usedAt - a.usedAt)
    .filter((entry) => {
      if (now - entry.usedAt > age || entry.bytes > room) return true
      room -= entry.bytes
      return false
    })
    .map(({ name }) => name)
}

/** Its modification time is that of the last sweep. */
const marker = 'swept'
/** Renders of earlier versions, including some with a consumer's values. They are no longer read. */
const outdated = /^[0-9a-f]{64}\.gz$/
/** Left by a process that was killed while writing. */
const draft = /^\.ecr-airlift-[0-9a-f]+\.new$/
const draftAge = 60 * 60_000

export interface SweepOptions {
  /** An entry was added since the last sweep. */
  readonly hasNew: boolean
  readonly now?: number
  readonly limits?: SweepLimits
}

/**
 * Closes a folder of renders to other users and removes expired entries. Skips the entries when the last sweep was less
 * than a day ago, unless something was added. Never fails: other runs may sweep or use the folder meanwhile, and the
 * next run sweeps again.
 */
export async function sweepRenders(
  folder: string,
  { hasNew, now = Date.now(), limits = renderLimits }: SweepOptions,
): Promise<void> {
  try {
    const info = await lstat(folder)
    if (!info.isDirectory() || info.uid !== (process.getuid?.() ?? info.uid)) return
    if ((info.mode & 0o077) !== 0) await chmod(folder, 0o700)
    const last = await lstat(join(folder, marker)).catch(() => undefined)
    if (!hasNew && last !== undefined && now - last.mtimeMs < day) return
    const entries = await readEntries(folder, now)
    for (const name of chooseExpired(entries, now, limits)) {
      await rm(join(folder, name), { force: true })
    }
    await replaceOwnFile(join(folder, marker), '')
  } catch {
    // The folder does not exist or is not accessible.
  }
}

/** Returns the entries of the folder, closed to other users. Also removes files that no run reads. */
async function readEntries(folder: string, now: number): Promise<CacheEntry[]> {
  const entries: CacheEntry[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (outdated.test(name)) await rm(path, { force: true })
    if (!draft.test(name) && !renderFile.test(name)) continue
    const info = await lstat(path).catch(() => undefined)
    if (info === undefined) continue
    if (draft.test(name)) {
      if (now - info.mtimeMs > draftAge) await rm(path, { force: true })
      continue
    }
    if (info.isFile() && (info.mode & 0o077) !== 0) await chmod(path, 0o600)
    entries.push({ name, bytes: info.size, usedAt: info.mtimeMs })
  }
  return entries
}
