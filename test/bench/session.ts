import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Manifest } from '../../scripts/lib/model/manifest.ts'
import { logIn } from '../e2e/support/login.ts'
import { writeErrand } from './errand.ts'
import { type Job, measure } from './measure.ts'
import type { Errand, Mover } from './movers.ts'
import { prepareLock } from './lock.ts'
import type { Run } from './results.ts'
import type { Scenario, Turn } from './rounds.ts'
import type { Seen } from './server-api.ts'
import type { BenchTools } from './tools.ts'
import { repositoriesOf, withOneChanged, type Work, workOf } from './work.ts'
import type { World } from './world.ts'

export const projectFolder = resolve(import.meta.dirname, '../..')

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

/** One registry for one mover: a first run on it, and those that find what it has left. */
export async function takeTurn(session: Session, mover: Mover, turn: Turn): Promise<Run[]> {
  const { world, manifest, putImageRate } = session
  const folder = await mkdtemp(join(tmpdir(), 'ecr-airlift-bench-'))
  try {
    const changed = withOneChanged(manifest)
    const errands = {
      usual: await writeErrand(join(folder, 'usual'), world.registryHost, manifest),
      changed: await writeErrand(join(folder, 'changed'), world.registryHost, changed),
    }
    const layersKnown = mover.mount
      ? await prepareLocks(Object.values(errands), session.lock)
      : undefined
    const isLimited = turn.scenarios.includes('put-image-rate')
    const made = mover.kind === 'peer' ? repositoriesOf(workOf(manifest)) : []
    await world.ask(
      'renew',
      { blobMounting: mover.mount, ...(isLimited && { putImageRate }) },
      made,
    )
    const env = await environmentOf(session, mover, folder)
    const runs: Run[] = []
    for (const scenario of turn.scenarios) {
      const isChanged = scenario === 'one-changed'
      const errand = isChanged ? errands.changed : errands.usual
      const work = workOf(isChanged ? changed : manifest)
      const single = { turn, scenario, errand, work, env, layersKnown }
      const run = await runOnce(session, mover, single)
      session.onRun(run)
      runs.push(run)
    }
    return runs
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Single {
  readonly turn: Turn
  readonly scenario: Scenario
  readonly errand: Errand
  readonly work: Work
  readonly env: NodeJS.ProcessEnv
  readonly layersKnown: boolean | undefined
}

async function prepareLocks(
  errands: readonly Errand[],
  lock: string | undefined,
): Promise<boolean> {
  const prepared = await Promise.all(errands.map((errand) => prepareLock(errand, lock)))
  return prepared.every(Boolean)
}

async function runOnce(session: Session, mover: Mover, single: Single): Promise<Run> {
  const { world, signal, logFolder } = session
  const { turn, scenario, errand, work, env, layersKnown } = single
  const log = join(logFolder, `${turn.round}-${mover.name}-${scenario}.log`)
  const { tool, args } = mover.command(errand)
  const job: Job = { tool, args, env, cwd: projectFolder, log }
  await world.ask('resetCounters')
  const measured = await measure(job, signal)
  const { hosts, cpuSeconds } = await world.ask('seen')
  const faults = await world.ask('faults', work)
  return {
    mover: mover.name,
    scenario,
    round: turn.round,
    ...measured,
    hosts: trafficByHost(hosts),
    sandboxSeconds: cpuSeconds,
    faults,
    ...(layersKnown !== undefined && { layersKnown }),
  }
}

function trafficByHost(hosts: Seen['hosts']): Run['hosts'] {
  return Object.fromEntries(
    Object.entries(hosts).map(([host, { requests, writes, bytesIn, bytesOut }]) => [
      host,
      { requests, writes, bytesIn, bytesOut },
    ]),
  )
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
