import type { Stats } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { dirname, join, parse, relative, resolve } from 'node:path'
import { hasCode, ProblemError } from '../../model/problem.ts'

/** The limit of Linux. */
const mostLinks = 40

/**
 * Resolves the links of a path to write. Follows only links that the current user or root made, and none in a
 * world-writable folder, where another user could redirect this process with one. Parts that do not exist yet stay
 * unchanged. Throws `ProblemError` for other links.
 */
export async function resolveForWriting(file: string): Promise<string> {
  const absolute = resolve(file)
  const { root } = parse(absolute)
  let path = root
  let links = 0
  const left = partsOf(absolute.slice(root.length))
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === '..') {
      path = dirname(path)
      continue
    }
    const at = join(path, part)
    const info = await readInfo(at)
    if (info === undefined) return join(at, ...left)
    if (!info.isSymbolicLink()) {
      path = at
      continue
    }
    const target = await readlink(at)
    links += 1
    if (links > mostLinks) throw refusal(file, at, target, 'the path has too many links')
    if (isWritableForAll(await lstat(path))) {
      throw refusal(file, at, target, 'it is in a folder that anyone can write to')
    }
    if (!isOwn(info)) throw refusal(file, at, target, 'it belongs to another user')
    if (target.startsWith('/')) path = root
    left.unshift(...partsOf(target))
  }
  return path
}

/**
 * Refuses paths whose parts below a folder are links. The user named the folder; the rest is named from outside, or is
 * our own, and a link there, for example in a cloned repository, would have other files overwritten. All paths are
 * checked before any is written, so that a refused folder stays as it was. Throws `ProblemError`.
 */
export async function refuseLinks(base: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) await refuseLink(base, path)
}

async function refuseLink(base: string, path: string): Promise<void> {
  let at = resolve(base)
  for (const part of partsOf(relative(at, resolve(path)))) {
    at = join(at, part)
    const info = await readInfo(at).catch((error: unknown) => {
      // Below a file there is nothing; writing there fails later, with its own words.
      if (hasCode(error, 'ENOTDIR')) return undefined
      throw error
    })
    if (info === undefined) return
    if (!info.isSymbolicLink()) continue
    throw refusal(path, at, await readlink(at), 'links below the given folder are not followed')
  }
}

/** Returns true for a file of the current user or of root; for every file where users have no numeric ids. */
export function isOwn({ uid }: Stats): boolean {
  const own = process.getuid?.()
  return own === undefined || uid === own || uid === 0
}

function isWritableForAll({ mode }: Stats): boolean {
  return (mode & 0o002) !== 0
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

async function readInfo(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function refusal(file: string, link: string, target: string, why: string): ProblemError {
  return new ProblemError({
    kind: 'invalid-input',
    side: 'local',
    message: `cannot write "${file}": "${link}" is a link to "${target}", and ${why}`,
    next: 'remove the link, or choose another place',
  })
}
