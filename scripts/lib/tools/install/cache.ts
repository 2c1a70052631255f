import { constants } from 'node:fs'
import { access, lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import envPaths from 'env-paths'
import { lock } from 'proper-lockfile'
import { hasCode } from '../../model/problem.ts'
import { isOwn } from '../files/links.ts'
import type { ToolName } from './pins.ts'

/** Where one pinned tool is kept: `<cache>/tools/<name>/<version>/<platform>/<name>`. */
export interface ToolPlace {
  readonly versionFolder: string
  readonly folder: string
  readonly path: string
}

/** The user's cache folder for this kit; `ECR_AIRLIFT_CACHE` names another. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env['ECR_AIRLIFT_CACHE'] || envPaths('ecr-airlift', { suffix: '' }).cache)
}

/** The user's folder for the state of this kit. */
export function defaultStateFolder(): string {
  return envPaths('ecr-airlift', { suffix: '' }).log
}

export function placeOf(
  env: NodeJS.ProcessEnv,
  name: ToolName,
  version: string,
  platform: string,
): ToolPlace {
  const versionFolder = join(cacheFolder(env), 'tools', name, version)
  const folder = join(versionFolder, platform)
  return { versionFolder, folder, path: join(folder, name) }
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** True for a program in the cache that another user can neither have put there nor change. */
export async function isOwnExecutable(path: string): Promise<boolean> {
  try {
    const [entry, file] = await Promise.all([lstat(path), stat(path)])
    const isPrivate = isOwn(entry) && isOwn(file) && (file.mode & 0o022) === 0
    return isPrivate && (await isExecutable(path))
  } catch {
    return false
  }
}

/** The first program of that name on the PATH of the given environment. */
export async function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    // A relative folder means another one in every working folder; an empty entry is the working folder itself.
    if (!isAbsolute(folder)) continue
    const path = join(folder, name)
    // In order and one at a time: the first one on PATH wins, and it is mostly among the first few folders.
    if (await isExecutable(path)) return path
  }
  return undefined
}

/**
 * Runs work that at most one process at a time may do for a version folder; calls `onWait` when it has to wait.
 * The lock of a killed process counts for nothing ten seconds later.
 */
export async function withLock<T>(
  place: ToolPlace,
  options: { readonly signal: AbortSignal | undefined; readonly onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(place.versionFolder, { recursive: true })
  const release = await acquire(place, options)
  try {
    return await work()
  } finally {
    // A lock lost meanwhile, as after a suspended laptop, is no failure: what is moved into place is whole.
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
 * Gives a fresh folder to work in and removes it afterwards, together with what killed installs left behind.
 * To be called under the lock.
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

/** Moves a finished folder into its place in one step, so that whatever is found there is whole. */
export async function publish(ready: string, place: ToolPlace): Promise<void> {
  await removeTree(place.folder)
  await rename(ready, place.folder)
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}
