import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, environmentFor, type Surroundings } from './environment.ts'

/** The tools that use the logins of a session. */
const kinds = ['crane', 'helm', 'kubectl'] as const

type SessionTool = (typeof kinds)[number]

export type ToolSurroundings = Readonly<Record<SessionTool, Surroundings>>

/**
 * Makes the surroundings of a session's tools: for each one an empty working folder (0700), an empty home, and an
 * environment that points to the session's logins and to none of the user's files.
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

/** Returns our own variables for each tool; only the two that pull and push get the logins. */
function ownVariables(
  root: string,
  home: string,
  logins: string,
): Readonly<Record<SessionTool, Environment>> {
  const helm = join(root, 'helm')
  // helm writes an archive's local time to the manifest; a fixed time zone gives the same digest everywhere.
  const common = { HOME: home, TZ: 'UTC', LC_ALL: 'C' }
  // Otherwise the API discovery cache is kept in the home.
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
