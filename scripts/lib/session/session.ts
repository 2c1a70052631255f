import { join, resolve } from 'node:path'
import type { Context } from '../cli/main.ts'
import type { Origin } from '../model/origin.ts'
import { unwrap } from '../model/problem.ts'
import { openCredentials } from '../tools/credentials/credentials.ts'
import { logInToDockerHub } from '../tools/credentials/docker-hub.ts'
import { type Run, run } from '../tools/process/exec.ts'
import { makePrivateFolder } from '../tools/files/private-folder.ts'
import { createHttp } from '../tools/http/http.ts'
import type { Http } from '../tools/http/types.ts'
import { prepareTool, type Tool } from '../tools/install/install.ts'
import type { ToolSurroundings } from '../tools/process/surroundings.ts'
import { createRegistryClient, type RegistryClient } from '../tools/registry/client.ts'
import { cacheFolder, defaultStateFolder } from '../tools/install/cache.ts'
import { openRenderCache, type RenderCache } from '../charts/render/cache.ts'
import { sweepRenders } from './sweep.ts'

/** What work on charts needs from its environment: helm, a private folder, caches, HTTP. */
export interface Session {
  readonly run: Run
  readonly helm: Tool
  /** The folder and environment in which tools run, without access to the user's configuration. */
  readonly surroundings: ToolSurroundings
  readonly http: Http
  /** A private folder, deleted when the work ends. */
  readonly folder: string
  /** Archives by repository, name and version; they never change once published. */
  readonly chartCache: string
  readonly renders: {
    /** Kept between runs, unless the values are a consumer's. */
    readonly kept: RenderCache
    readonly thisRun: RenderCache
  }
  readonly signal: AbortSignal
  readonly notice: (text: string) => void
  /** Where the user names its charts. */
  readonly origin: Origin
  /** Queries registries about images. */
  readonly registries: RegistryClient
  /** A second tool, prepared on first use. */
  readonly crane: () => Promise<Tool>
}

export interface SessionOptions {
  readonly isQuiet: boolean
  /**
   * Whose values charts are rendered with. `declared`: only those of the chart list and the manifest. `given`: a
   * consumer's, which may contain secrets, so their renders are deleted when the work ends.
   */
  readonly values: 'declared' | 'given'
  /** Where the user names its charts. */
  readonly origin: Origin
}

/** Opens a session, runs the work in it, and cleans up even if the work fails. */
export async function withSession<T>(
  { env, signal, log }: Context,
  { isQuiet, values, origin }: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const notice = (text: string) => {
    if (!isQuiet) log(`! ${text}`)
  }
  const settings = { env, run, signal, onNotice: notice }
  const helm = unwrap(await prepareTool('helm', settings))
  const credentials = await openCredentials(env, defaultStateFolder())
  const cache = cacheFolder(env)
  let hasNew = false
  let crane: Promise<Tool> | undefined
  const http = createHttp({ env })
  try {
    await logInToDockerHub(env, credentials, notice)
    const { folder } = credentials
    const keepsAll = values === 'declared' || env['ECR_AIRLIFT_CACHE_RENDERS'] === '1'
    const [thisRun, chartCache] = await Promise.all([
      makePrivateFolder(join(folder, 'renders')),
      // A sandbox serves other archives under the same names, so it has its own cache.
      openCache(
        resolve(env['ECR_AIRLIFT_CHART_CACHE'] ?? join(cache, 'charts')),
        join(folder, 'charts'),
        notice,
      ),
    ])
    const ofThisRun = openRenderCache(thisRun, { notice })
    const renderFolder = keepsAll ? await openCache(rendersOf(cache), thisRun, notice) : thisRun
    const onStored = () => (hasNew = true)
    return await work({
      run,
      helm,
      surroundings: credentials.surroundings,
      http,
      registries: createRegistryClient(http, credentials.get, signal),
      folder,
      chartCache,
      renders: {
        kept: keepsAll ? openRenderCache(renderFolder, { notice, onStored }) : ofThisRun,
        thisRun: ofThisRun,
      },
      signal,
      notice,
      origin,
      crane: () => (crane ??= prepareTool('crane', settings).then(unwrap)),
    })
  } finally {
    await credentials.remove()
    await sweepRenders(rendersOf(cache), { hasNew })
  }
}

function rendersOf(cache: string): string {
  return join(cache, 'renders')
}

/** Opens a cache that no other user can access, or the fallback folder if that is not possible. */
async function openCache(
  folder: string,
  instead: string,
  notice: (text: string) => void,
): Promise<string> {
  try {
    return await makePrivateFolder(folder)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    notice(`could not use the cache "${folder}", so nothing is kept after this run: ${words}`)
    return makePrivateFolder(instead)
  }
}
