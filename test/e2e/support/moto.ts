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
/** Only `server`: it includes the dependencies of CloudFormation, EC2, STS and CloudWatch. */
const requirement = `moto[server]==${version}`
const program = join(import.meta.dirname, 'moto-server.py')

/** A moto server on 127.0.0.1: an AWS account for everything except ECR, which the sandbox simulates. */
export interface Moto {
  readonly url: string
  readonly account: string
  /** Deletes everything in it. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface MotoOptions {
  /** The account number; moto's default if omitted. */
  readonly account?: string
}

/** Starts a moto server, or returns why it is not available. The server ends with this process at the latest. */
export async function startMoto({ account = '123456789012' }: MotoOptions = {}): Promise<
  Moto | undefined
> {
  const python = await preparePython()
  if (python === undefined) return undefined
  const child = spawn(python, [program], {
    env: { MOTO_ACCOUNT_ID: account, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
    // It watches its standard input, which is closed no matter how this process ends.
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

/** Sends a POST request to moto's own API. */
export async function tell(url: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`)
}

/** Returns the Python of a virtual environment with moto, created once for all test runs. */
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

/** Returns true for an environment that does not start, because its Python was removed or replaced. */
async function isReady({ path }: ToolPlace): Promise<boolean> {
  return (
    (await isExecutable(path)) &&
    (await run({ tool: path, args: ['--version'] }, surroundingsOf())).ok
  )
}

/** Creates the environment next to its final path and moves it there as a whole; returns the reason for a failure. */
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

/** The user's own environment, never a sandbox's, without variables that would make pip ignore the new environment. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const misleading = /^(?:PYTHON(?:PATH|HOME)|VIRTUAL_ENV|PIP_(?:TARGET|PREFIX|USER|ROOT))$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !misleading.test(name)))
}
