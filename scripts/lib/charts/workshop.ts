import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../cli/main.ts'
import type { Origin } from '../model/origin.ts'
import { unwrap } from '../model/problem.ts'
import { openCredentials } from '../tools/credentials.ts'
import { logInToDockerHub } from '../tools/docker-hub.ts'
import { type Run, run } from '../tools/exec.ts'
import { createHttp, type Http } from '../tools/http.ts'
import { prepareTool, type Tool } from '../tools/install.ts'
import { createRegistryClient, type RegistryClient } from '../tools/registry-client.ts'
import { cacheFolder, defaultStateFolder } from '../tools/tool-cache.ts'

/** What work on charts needs of the world: helm, a private folder, caches, HTTP. */
export interface Workshop {
  readonly run: Run
  readonly helm: Tool
  /** For children: nothing of the user's helm or docker configuration is in it. */
  readonly env: NodeJS.ProcessEnv
  readonly http: Http
  /** Private, and gone when the work ends. */
  readonly folder: string
  /** Archives by repository, name and version; they never change once published. */
  readonly chartCache: string
  readonly renderCache: string
  readonly signal: AbortSignal
  readonly notice: (text: string) => void
  /** Where its charts are named. */
  readonly origin: Origin
  /** Asks registries about images. */
  readonly registries: RegistryClient
  /** A second tool, prepared when first asked for. */
  readonly crane: () => Promise<Tool>
}

/** Opens a workshop, works in it, and clears it away whatever came of that. */
export async function withWorkshop<T>(
  { env, signal, stderr, origin }: Context & { readonly origin: Origin },
  isQuiet: boolean,
  work: (workshop: Workshop) => Promise<T>,
): Promise<T> {
  const notice = (text: string) => {
    if (!isQuiet) stderr(`! ${text}\n`)
  }
  const settings = { env, run, signal, onNotice: notice }
  const helm = unwrap(await prepareTool('helm', settings))
  const credentials = await openCredentials(env, defaultStateFolder())
  const cache = cacheFolder(env)
  let crane: Promise<Tool> | undefined
  const http = createHttp({ env })
  try {
    await logInToDockerHub(env, credentials, notice)
    await mkdir(credentials.folder, { recursive: true })
    return await work({
      run,
      helm,
      env: credentials.env,
      http,
      registries: createRegistryClient(http, credentials.get, signal),
      folder: credentials.folder,
      // A sandbox serves other archives under the same names: it keeps them apart.
      chartCache: env['ECR_AIRLIFT_CHART_CACHE'] ?? join(cache, 'charts'),
      renderCache: join(cache, 'renders'),
      signal,
      notice,
      origin,
      crane: () => (crane ??= prepareTool('crane', settings).then(unwrap)),
    })
  } finally {
    await credentials.remove()
  }
}
