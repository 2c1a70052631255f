import { rmSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { hasCode } from '../../model/problem.ts'
import { isOwn } from '../files/links.ts'
import { makeFolder, replaceOwnFile } from '../files/files.ts'
import { openSurroundings, type ToolSurroundings } from '../process/surroundings.ts'
import type { Login } from '../registry/auth.ts'

/** One private folder with the credentials and settings of crane and helm, for one run. */
export interface CredentialStore {
  /**
   * Folder for temporary files, which is removed when the run ends, or by the next run. The credentials and the working
   * folders of tools are beside it.
   */
  readonly folder: string
  /** Working folder and environment of each tool, isolated from the user's own settings. */
  readonly surroundings: ToolSurroundings
  /** Stores a login for a host, replacing the one before. */
  readonly set: (host: string, username: string, password: string) => Promise<void>
  /** Returns the stored login of a host, for our own requests. */
  readonly get: (host: string) => Login | undefined
  readonly remove: () => Promise<void>
}

/** The key of Docker Hub in Docker's configuration, under which crane looks it up. */
const dockerHubKey = 'https://index.docker.io/v1/'

/**
 * Makes the private folder (0700) with its credentials file (0600), and ensures its removal at exit. First removes the
 * folder of a killed run; the state folder records only its path, never its content.
 */
export async function openCredentials(
  base: NodeJS.ProcessEnv,
  stateFolder: string,
): Promise<CredentialStore> {
  await removeAbandoned(stateFolder, base)
  await makeFolder(stateFolder, '--state-dir')
  const root = await makePrivateFolder(base)
  // One process may have several, nested.
  const record = join(stateFolder, `credentials-${process.pid}-${basename(root)}`)
  await replaceOwnFile(record, root)

  const logins = join(root, 'logins')
  const folder = join(root, 'work')
  for (const each of [logins, folder]) await mkdir(each, { mode: 0o700 })
  const surroundings = await openSurroundings(root, logins, base)

  const file = join(logins, 'config.json')
  const auths: Record<string, { auth: string }> = {}
  const known = new Map<string, Login>()
  let turn = Promise.resolve()
  const save = () => {
    // Sequential: two renewals at once must not overwrite each other's login.
    turn = writeAfter(turn)
    return turn
  }
  const writeAfter = async (earlier: Promise<void>) => {
    await earlier
    await replaceOwnFile(file, JSON.stringify({ auths }))
  }
  await save()

  const removeNow = () => {
    rmSync(root, { recursive: true, force: true })
    rmSync(record, { force: true })
  }
  removeAtExit(root)
  removeAtExit(record)
  return {
    folder,
    surroundings,
    set: (host, username, password) => {
      const key = host === 'docker.io' ? dockerHubKey : host
      known.set(host, { username, password })
      auths[key] = { auth: Buffer.from(`${username}:${password}`).toString('base64') }
      return save()
    },
    get: (host) => known.get(host),
    remove: async () => {
      await turn
      removeNow()
    },
  }
}

const atExit = new Set<string>()

/**
 * Removes a path when the process ends, also after it was removed: work that was not waited for may have made it again.
 */
function removeAtExit(path: string): void {
  if (atExit.size === 0) {
    process.once('exit', () => {
      for (const each of atExit) rmSync(each, { recursive: true, force: true })
    })
  }
  atExit.add(path)
}

/** Creates it in the user's runtime folder, which is in memory; in /tmp where that is unavailable, as in containers. */
async function makePrivateFolder(base: NodeJS.ProcessEnv): Promise<string> {
  const name = 'ecr-airlift-'
  const [first, second] = parentsOf(base)
  const inFirst = mkdtemp(join(first, name))
  return second === undefined ? inFirst : inFirst.catch(() => mkdtemp(join(second, name)))
}

/** Returns where private folders are made. helm gets absolute paths, and TMPDIR may be relative. */
function parentsOf(base: NodeJS.ProcessEnv): readonly [string, string?] {
  const runtime = base['XDG_RUNTIME_DIR']
  const temporary = resolve(tmpdir())
  return runtime ? [resolve(runtime), temporary] : [temporary]
}

async function removeAbandoned(stateFolder: string, base: NodeJS.ProcessEnv): Promise<void> {
  const names = await readdir(stateFolder).catch(() => [])
  for (const name of names) {
    const pid = Number(/^credentials-(\d+)(?:-.*)?$/.exec(name)?.[1])
    if (!Number.isSafeInteger(pid) || isRunning(pid)) continue
    const record = join(stateFolder, name)
    if (!(await isPrivate(record, 'file'))) continue
    // Another run may be cleaning up at the same time.
    const folder = (await readFile(record, 'utf8').catch(() => '')).trim()
    // A state folder may come from elsewhere, so its word alone removes nothing.
    const isOurs =
      /^ecr-airlift-\w{6}$/.test(basename(folder)) && parentsOf(base).includes(dirname(folder))
    if (isOurs && (await isPrivate(folder, 'folder'))) await removeRun(folder)
    await rm(record, { force: true })
  }
}

/** Removes a folder with what `openCredentials` makes in it; any other one only when it is empty. */
async function removeRun(folder: string): Promise<void> {
  const parts = ['logins', 'work'].map((part) => isPrivate(join(folder, part), 'folder'))
  if ((await Promise.all(parts)).every(Boolean)) await rm(folder, { recursive: true, force: true })
  else await rmdir(folder).catch(() => undefined)
}

/** Returns whether an entry belongs to this user alone, as everything that a run makes for itself. */
async function isPrivate(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined)
  if (info === undefined || !isOwn(info) || (info.mode & 0o077) !== 0) return false
  return kind === 'file' ? info.isFile() : info.isDirectory()
}

/** Returns true while a process with this id runs on this machine, regardless of its owner. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}
