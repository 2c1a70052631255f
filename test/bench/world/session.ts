import { mkdir } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Manifest } from '../../../scripts/lib/model/manifest/manifest.ts'
import { logIn } from '../../e2e/support/bootstrap/login.ts'
import type { Mover } from '../movers.ts'
import type { Run } from '../report/results.ts'
import type { BenchTools } from './tools.ts'
import type { World } from './world.ts'

export const projectFolder = resolve(import.meta.dirname, '../../..')

/** What all runs of a bench share. */
export interface Session {
  readonly world: World
  readonly tools: BenchTools
  readonly env: NodeJS.ProcessEnv
  readonly putImageRate: number
  readonly manifest: Manifest
  /** Outputs of all runs, for who wants to know why one failed. */
  readonly logFolder: string
  readonly signal: AbortSignal
  /** What the kit knows of the layers when it mounts them; nothing when it is to learn that on the way. */
  readonly lock: string | undefined
  readonly onRun: (run: Run) => void
}

/** Peers are logged in beforehand, as a person would have done; the kit does that itself, in the measured time. */
export async function environmentOf(
  { world, tools, env: base }: Pick<Session, 'world' | 'tools' | 'env'>,
  mover: Pick<Mover, 'kind'>,
  folder: string,
): Promise<NodeJS.ProcessEnv> {
  const folders = Object.values(tools).flatMap((tool) => ('path' in tool ? dirname(tool.path) : []))
  const home = join(folder, 'home')
  await mkdir(home)
  const env = {
    PATH: [...new Set(folders), base['PATH'] ?? ''].join(delimiter),
    // The kit finds its tools in the user's cache, wherever that is.
    ...pick(base, ['HOME', 'ECR_AIRLIFT_CACHE', 'XDG_CACHE_HOME', 'TMPDIR']),
    ...world.environment,
    ECR_AIRLIFT_CHART_CACHE: join(folder, 'charts'),
    NO_COLOR: '1',
  }
  if (mover.kind === 'kit') return env
  const registry = world.registryHost
  await logIn({ env, home, registry })
  return {
    ...env,
    REGISTRY: registry,
    DOCKER_CONFIG: join(home, '.docker'),
    REGISTRY_AUTH_FILE: join(home, '.docker', 'config.json'),
    HELM_REGISTRY_CONFIG: join(home, '.docker', 'config.json'),
    HELM_CONFIG_HOME: join(home, 'helm', 'config'),
    HELM_CACHE_HOME: join(home, 'helm', 'cache'),
    HELM_DATA_HOME: join(home, 'helm', 'data'),
  }
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
