import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { run } from '../../../scripts/lib/tools/process/exec.ts'
import {
  cacheFolder,
  findOnPath,
  isExecutable,
  publish,
  type ToolPlace,
  withLock,
  withStage,
} from '../../../scripts/lib/tools/install/cache.ts'
import { skipWithout } from './needed.ts'
import { surroundingsOf } from '../../unit/support/surroundings.ts'

const version = '5.2.5'
/** `server` alone: it brings what CloudFormation, EC2, STS and CloudWatch need. */
const requirement = `moto[server]==${version}`
const program = join(import.meta.dirname, 'moto-server.py')

/** A moto server on 127.0.0.1: an AWS account for everything but ECR, which the sandbox has. */
export interface Moto {
  readonly url: string
  readonly account: string
  /** Forgets everything in it. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface MotoOptions {
  /** The number of the account; moto's own when left out. */
  readonly account?: string
}

/** Starts a moto server, or tells why there can be none here. It ends with this process at the latest. */
export async function startMoto({ account = '123456789012' }: MotoOptions = {}): Promise<
  Moto | undefined
> {
  const python = await preparePython()
  if (python === undefined) return undefined
  const child = spawn(python, [program], {
    env: { MOTO_ACCOUNT_ID: account, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
    // It watches its standard input, which is closed however this process dies.
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-10_000)))
  const lines = createInterface({ input: child.stdout })
  const port = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    ended.then(() => Promise.reject(new Error(`moto did not start:\n${said}`))),
  ])
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    account,
    reset: () => tell(`${url}/moto-api/reset`, {}),
    async close() {
      child.stdin.end()
      await ended
    },
  }
}

/** Posts to moto's own interface. */
export async function tell(url: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`)
}

/** The Python of a virtual environment with moto, made once for all runs of the tests. */
async function preparePython(): Promise<string | undefined> {
  const cache = cacheFolder(process.env)
  const versionFolder = join(cache, 'moto', version)
  const folder = join(versionFolder, 'environment')
  const place: ToolPlace = { cache, versionFolder, folder, path: join(folder, 'bin', 'python') }
  if (await isReady(place)) return place.path
  const fault = await withLock(place, { signal: undefined, onWait: () => undefined }, async () => {
    // Another process may have finished while this one waited.
    if (await isReady(place)) return undefined
    return withStage(place, (stage) => install(join(stage, 'environment'), place))
  })
  if (fault === undefined) return place.path
  skipWithout(`moto could not be installed (${fault})`)
  return undefined
}

/** A Python that was removed or replaced since leaves an environment that does not start. */
async function isReady({ path }: ToolPlace): Promise<boolean> {
  return (
    (await isExecutable(path)) &&
    (await run({ tool: path, args: ['--version'] }, surroundingsOf())).ok
  )
}

/** Makes the environment beside its place and moves it there whole; returns why it could not. */
async function install(folder: string, place: ToolPlace): Promise<string | undefined> {
  const python = join(folder, 'bin', 'python')
  const own = await findOnPath('python3', process.env)
  if (own === undefined) return 'python3 is not on PATH'
  const commands = [
    { tool: own, args: ['-m', 'venv', folder] },
    {
      tool: python,
      args: ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--no-input', requirement],
    },
    { tool: python, args: ['-c', 'import moto.server'] },
  ]
  for (const command of commands) {
    const { ok, ending, stderr } = await run(command, {
      ...surroundingsOf(ownEnvironment()),
      deadline: 270_000,
    })
    if (ok) continue
    return stderr.trim().split('\n').at(-1) || `${command.tool} ended: ${ending}`
  }
  await publish(folder, place)
  return undefined
}

/** The user's own, never a sandbox's, without what would lead pip past the new environment. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const misleading = /^(?:PYTHON(?:PATH|HOME)|VIRTUAL_ENV|PIP_(?:TARGET|PREFIX|USER|ROOT))$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !misleading.test(name)))
}
