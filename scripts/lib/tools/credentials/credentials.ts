import { rmSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { hasCode } from '../../model/problem.ts'
import { isOwn } from '../files/links.ts'
import { makeFolder, replaceOwnFile } from '../files/files.ts'
import { openSurroundings, type ToolSurroundings } from '../process/surroundings.ts'
import type { Login } from '../registry/auth.ts'

/** One private folder with the credentials and settings of crane and helm, for one run. */
export interface CredentialStore {
  /**
   * Removed with everything in it when the run ends, or by the next one: the place for what is only passing. The
   * credentials are beside it, and so are the folders in which tools run.
   */
  readonly folder: string
  /** Where each tool runs, and with what environment: nothing of the user's is reached from there. */
  readonly surroundings: ToolSurroundings
  /** Stores a login for a host, replacing the one before. */
  readonly set: (host: string, username: string, password: string) => Promise<void>
  /** The login that was stored for a host, for requests of our own. */
  readonly get: (host: string) => Login | undefined
  readonly remove: () => Promise<void>
}

/** Docker's configuration names Docker Hub by this URL; crane looks it up under it. */
const dockerHubKey = 'https://index.docker.io/v1/'

/**
 * Makes the private folder (0700) with its credentials file (0600), and arranges its removal on every way out.
 * What a killed run left behind is removed first; the state folder remembers where that was, never what it held.
 */
export async function openCredentials(
  base: NodeJS.ProcessEnv,
  stateFolder: string,
): Promise<CredentialStore> {
  await removeAbandoned(stateFolder)
  await makeFolder(stateFolder, '--state-dir')
  const root = await makePrivateFolder(base)
  // One process may have several, one inside the other.
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
    // One after the other: two renewals at once must not lose one another's login.
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
  process.once('exit', removeNow)
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
      process.off('exit', removeNow)
    },
  }
}

/** In the user's runtime folder, which lives in memory; where that cannot be used, as often in containers, in /tmp. */
async function makePrivateFolder(base: NodeJS.ProcessEnv): Promise<string> {
  const name = 'ecr-airlift-'
  // helm is given absolute paths, and TMPDIR may be none.
  const inTemporary = () => mkdtemp(join(resolve(tmpdir()), name))
  const runtime = base['XDG_RUNTIME_DIR']
  return runtime ? mkdtemp(join(resolve(runtime), name)).catch(inTemporary) : inTemporary()
}

async function removeAbandoned(stateFolder: string): Promise<void> {
  const names = await readdir(stateFolder).catch(() => [])
  for (const name of names) {
    const pid = Number(/^credentials-(\d+)(?:-.*)?$/.exec(name)?.[1])
    if (!Number.isSafeInteger(pid) || isRunning(pid)) continue
    const record = join(stateFolder, name)
    if (!(await isOwnEntry(record, 'file'))) continue
    // Another run may be cleaning up at the same time.
    const folder = (await readFile(record, 'utf8').catch(() => '')).trim()
    const isOurs = /[/\\]ecr-airlift-[^/\\]+$/.test(folder) && (await isOwnEntry(folder, 'folder'))
    if (isOurs) await rm(folder, { recursive: true, force: true })
    await rm(record, { force: true })
  }
}

/** A record of another user must not have anything removed. */
async function isOwnEntry(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined)
  if (info === undefined || !isOwn(info)) return false
  return kind === 'file' ? info.isFile() : info.isDirectory()
}

/** True while a process of that id runs on this machine, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}
