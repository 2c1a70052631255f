import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { RegistryLogin } from '../../aws/token.ts'
import { hasCode } from '../../model/problem.ts'
import { readJson } from '../../model/tree/json.ts'
import { emptyTree, isTree, treeFrom, treeOf, type ValuesTree } from '../../model/values/values.ts'
import type { Environment } from '../../tools/process/environment.ts'

/** Folders beside docker's configuration: plugins such as buildx, contexts of engines, and builders. */
const beside = ['cli-plugins', 'contexts', 'buildx']

/** Settings that would redirect a login, for example to the user's own keychain. */
const aboutLogins: ReadonlySet<string> = new Set(['auths', 'credsStore', 'credHelpers'])

/**
 * Makes a docker configuration from the user's own, but with the login of one registry only. Docker looks for plugins,
 * contexts and builders beside it, so these are linked. Returns the variables that point to it.
 */
export async function makeDockerConfig(
  folder: string,
  registry: string,
  { username, password }: RegistryLogin,
  env: NodeJS.ProcessEnv,
): Promise<Environment> {
  const own = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of beside) {
    // A link to a missing folder works once that folder exists.
    await symlink(join(own, name), join(folder, name))
  }
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  const config = await readSettings(join(own, 'config.json'))
  config['auths'] = treeOf({ [registry]: { auth } })
  await writeFile(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 })
  return {
    DOCKER_CONFIG: folder,
    BUILDX_CONFIG: env['BUILDX_CONFIG'] ?? join(own, 'buildx'),
  }
}

async function readSettings(file: string): Promise<ValuesTree> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  })
  // A configuration that docker cannot read either has nothing to keep.
  const settings = readJson(text)
  if (!isTree(settings)) return emptyTree()
  return treeFrom(Object.entries(settings).filter(([key]) => !aboutLogins.has(key)))
}
