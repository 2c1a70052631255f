import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeErrand } from './world/errand.ts'
import { prepareLock } from './world/lock.ts'
import { type Job, measure } from './measure.ts'
import type { Errand, Mover } from './movers.ts'
import type { Run } from './report/results.ts'
import type { Scenario, Turn } from './rounds.ts'
import type { Seen } from './world/server-api.ts'
import { environmentOf, projectFolder, type Session } from './world/session.ts'
import { repositoriesOf, withOneChanged, type Work, workOf } from './world/work.ts'

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
