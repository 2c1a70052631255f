import { rmSync } from 'node:fs'
import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { hasCode } from '../model/problem.ts'
import { isOwn } from './files/links.ts'
import { makeFolder, replaceFile } from './files.ts'
import type { Login } from './registry-auth.ts'

/** One private folder with the credentials and settings of crane and helm, for one run. */
export interface CredentialStore {
  /** Removed with everything in it when the run ends, or by the next one: the place for what is only passing. */
  readonly folder: string
  /** The environment for children: it points at this folder and at nothing of the user's. */
  readonly env: NodeJS.ProcessEnv
  /** Stores a login for a host, replacing the one before. */
  readonly set: (host: string, username: string, password: string) => Promise<void>
  /** The login that was stored for a host, for requests of our own. */
  readonly get: (host: string) => Login | undefined
  readonly remove: () => Promise<void>
}

/** Docker's configuration names Docker Hub by this URL; crane looks it up under it. */
const dockerHubKey = 'https://index.docker.io/v1/'

// What would let a child read or change the user's own configuration, or see secrets that it does not need.
const withheld =
  /^(?:ZX_.*|DOCKER_AUTH_CONFIG|DOCKER_CONFIG|REGISTRY_AUTH_FILE|HELM_.*|AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN)|DOCKERHUB_TOKEN|ECR_.*_PASSWORD|PUBLIC_ECR_PASSWORD)$/

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
  const folder = await makePrivateFolder(base)
  // One process may have several, one inside the other.
  const record = join(stateFolder, `credentials-${process.pid}-${basename(folder)}`)
  await replaceFile(record, folder, 0o600)

  const file = join(folder, 'config.json')
  const auths: Record<string, { auth: string }> = {}
  const logins = new Map<string, Login>()
  let turn = Promise.resolve()
  const save = () => {
    // One after the other: two renewals at once must not lose one another's login.
    turn = writeAfter(turn)
    return turn
  }
  const writeAfter = async (earlier: Promise<void>) => {
    await earlier
    await replaceFile(file, JSON.stringify({ auths }), 0o600)
  }
  await save()

  const removeNow = () => {
    rmSync(folder, { recursive: true, force: true })
    rmSync(record, { force: true })
  }
  process.once('exit', removeNow)
  return {
    folder,
    env: childEnvironment(base, folder),
    set: (host, username, password) => {
      const key = host === 'docker.io' ? dockerHubKey : host
      logins.set(host, { username, password })
      auths[key] = { auth: Buffer.from(`${username}:${password}`).toString('base64') }
      return save()
    },
    get: (host) => logins.get(host),
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
  const inTemporary = () => mkdtemp(join(tmpdir(), name))
  const runtime = base['XDG_RUNTIME_DIR']
  return runtime ? mkdtemp(join(runtime, name)).catch(inTemporary) : inTemporary()
}

function childEnvironment(base: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const authorities = base['SSL_CERT_FILE'] ?? base['AWS_CA_BUNDLE'] ?? base['NODE_EXTRA_CA_CERTS']
  const kept = Object.entries(base).filter(([name]) => !withheld.test(name))
  return {
    ...Object.fromEntries(kept),
    DOCKER_CONFIG: folder,
    HELM_REGISTRY_CONFIG: join(folder, 'config.json'),
    HELM_CONFIG_HOME: join(folder, 'helm', 'config'),
    HELM_CACHE_HOME: join(folder, 'helm', 'cache'),
    HELM_DATA_HOME: join(folder, 'helm', 'data'),
    HELM_NO_PLUGINS: '1',
    // What a cluster serves is remembered in the user's home otherwise.
    KUBECACHEDIR: join(folder, 'helm', 'kube'),
    // helm writes an archive's local time into the manifest; in one time zone the digest is the same everywhere.
    TZ: 'UTC',
    // Go knows only this name; it goes on reading the system's folder of certificates beside it.
    ...(authorities !== undefined && { SSL_CERT_FILE: authorities }),
    LC_ALL: 'C',
  }
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
