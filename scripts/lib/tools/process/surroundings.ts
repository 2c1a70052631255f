import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, environmentFor, type Surroundings } from './environment.ts'

/** The tools that work with the logins of a session. */
const kinds = ['crane', 'helm', 'kubectl'] as const

type SessionTool = (typeof kinds)[number]

export type ToolSurroundings = Readonly<Record<SessionTool, Surroundings>>

/**
 * Makes the surroundings of a session's tools: for each an empty folder of its own (0700) to run in, an empty home, and
 * an environment that leads to the session's logins and to nothing of the user's.
 *
 * @param root a private folder
 * @param logins the folder with the credentials file
 */
export async function openSurroundings(
  root: string,
  logins: string,
  base: NodeJS.ProcessEnv,
): Promise<ToolSurroundings> {
  const home = join(root, 'home')
  const folders = kinds.map((kind) => join(root, `empty-${kind}`))
  for (const folder of [home, ...folders]) await mkdir(folder, { mode: 0o700 })
  const own = ownVariables(root, home, logins)
  const of = (kind: SessionTool): Surroundings => ({
    env: environmentFor(kind, base, own[kind]),
    cwd: join(root, `empty-${kind}`),
  })
  return { crane: of('crane'), helm: of('helm'), kubectl: of('kubectl') }
}

/** What the kit sets for each tool; the logins are for those two that pull and push. */
function ownVariables(
  root: string,
  home: string,
  logins: string,
): Readonly<Record<SessionTool, Environment>> {
  const helm = join(root, 'helm')
  // helm writes an archive's local time into the manifest; in one time zone the digest is the same everywhere.
  const common = { HOME: home, TZ: 'UTC', LC_ALL: 'C' }
  // What a cluster serves is remembered in the home otherwise.
  const client = { ...common, KUBECACHEDIR: join(helm, 'kube') }
  return {
    crane: { ...common, DOCKER_CONFIG: logins },
    helm: {
      ...client,
      DOCKER_CONFIG: logins,
      HELM_REGISTRY_CONFIG: join(logins, 'config.json'),
      HELM_CONFIG_HOME: join(helm, 'config'),
      HELM_CACHE_HOME: join(helm, 'cache'),
      HELM_DATA_HOME: join(helm, 'data'),
      HELM_NO_PLUGINS: '1',
    },
    kubectl: client,
  }
}
