import { constants } from 'node:fs'
import { access, chmod, lstat, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import envPaths from 'env-paths'
import { lock } from 'proper-lockfile'
import { hasCode, ProblemError } from '../../model/problem.ts'
import { isOwn } from '../files/links.ts'
import { makeFolders } from '../files/make.ts'
import { makePrivateFolder } from '../files/private-folder.ts'
import type { ToolName } from './pins.ts'

/** The place of a pinned tool: `<cache>/tools/<name>/<version>/<platform>/<name>`. */
export interface ToolPlace {
  /** The cache folder. */
  readonly cache: string
  readonly versionFolder: string
  readonly folder: string
  readonly path: string
}

/** Returns the user's cache folder; `ECR_AIRLIFT_CACHE` overrides it. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env['ECR_AIRLIFT_CACHE'] || envPaths('ecr-airlift', { suffix: '' }).cache)
}

/** Returns the user's state folder. */
export function defaultStateFolder(): string {
  return envPaths('ecr-airlift', { suffix: '' }).log
}

export function toolFolder(
  env: NodeJS.ProcessEnv,
  name: ToolName,
  version: string,
  platform: string,
): ToolPlace {
  const cache = cacheFolder(env)
  const versionFolder = join(cache, 'tools', name, version)
  const folder = join(versionFolder, platform)
  return { cache, versionFolder, folder, path: join(folder, name) }
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** Returns true for a cached program that no other user can have placed there, change, or move away. */
export async function isOwnExecutable({ cache, path }: ToolPlace): Promise<boolean> {
  try {
    for (let at = path; at !== dirname(cache); at = dirname(at)) {
      const [entry, file] = await Promise.all([lstat(at), stat(at)])
      if (!isOwn(entry) || !isOwn(file) || (file.mode & 0o022) !== 0) return false
    }
    return await isExecutable(path)
  } catch {
    return false
  }
}

/**
 * Makes the folders of a tool, which no other user may change. Throws `ProblemError` when one of them, or the cache
 * folder, belongs to another user.
 */
async function makeToolFolders({ cache, versionFolder }: ToolPlace): Promise<void> {
  const path = await makeFolders(cache, 0o700)
  const info = await stat(path)
  if (!isOwn(info)) {
    throw new ProblemError({
      kind: 'invalid-input',
      side: 'local',
      message: `"${cache}" belongs to another user, who could replace the program`,
    })
  }
  // Made with a permissive umask.
  if ((info.mode & 0o022) !== 0) await chmod(path, info.mode & 0o755)
  await makePrivateFolder(join(cache, 'tools'))
  await makePrivateFolder(dirname(versionFolder))
  await makePrivateFolder(versionFolder)
}

/** Returns the first program with this name on the PATH of the given environment. */
export async function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    // A relative folder depends on the working folder; an empty entry is the working folder itself.
    if (!isAbsolute(folder)) continue
    const path = join(folder, name)
    // In order, one at a time: the first one on PATH wins, usually in one of the first folders.
    if (await isExecutable(path)) return path
  }
  return undefined
}

/**
 * Runs work that only one process at a time may do for a version folder; calls `onWait` when it has to wait.
 * The lock of a killed process expires after ten seconds.
 */
export async function withLock<T>(
  place: ToolPlace,
  options: { readonly signal: AbortSignal | undefined; readonly onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  await makeToolFolders(place)
  const release = await acquire(place, options)
  try {
    return await work()
  } finally {
    // Losing the lock, for example after suspending a laptop, is not a failure: folders are moved into place complete.
    await release().catch(() => undefined)
  }
}

async function acquire(
  place: ToolPlace,
  { signal, onWait }: { readonly signal: AbortSignal | undefined; readonly onWait: () => void },
): Promise<() => Promise<void>> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await lock(place.versionFolder, { onCompromised: () => undefined })
    } catch (error) {
      if (!hasCode(error, 'ELOCKED')) throw error
    }
    if (isFirst) onWait()
    await sleep(250, undefined, signal && { signal })
  }
}

/**
 * Provides a new working folder and removes it afterwards, together with leftovers of killed installations.
 * Requires the lock.
 */
export async function withStage<T>(
  place: ToolPlace,
  work: (stage: string) => Promise<T>,
): Promise<T> {
  const prefix = 'partial-'
  for (const entry of await readdir(place.versionFolder)) {
    if (entry.startsWith(prefix)) await removeTree(join(place.versionFolder, entry))
  }
  const stage = await mkdtemp(join(place.versionFolder, prefix))
  try {
    return await work(stage)
  } finally {
    await removeTree(stage)
  }
}

/** Moves a finished folder to its place in one step, so that a folder found there is complete. */
export async function publish(ready: string, place: ToolPlace): Promise<void> {
  await removeTree(place.folder)
  await rename(ready, place.folder)
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}
