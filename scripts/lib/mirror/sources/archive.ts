import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { IndexEntry } from '../../charts/fetch/index-file.ts'
import { pullChart, type PulledChart } from '../../charts/fetch/pull.ts'
import { limitsOf } from '../plan/deadline.ts'
import type { ChartStep } from '../plan/plan.ts'
import type { Attempt } from '../session/attempt.ts'
import type { World } from '../session/doors.ts'

/** Pulls a chart of an HTTP repository, hands the checked archive on, and removes it whatever came of that. */
export async function withArchive<T>(
  world: World,
  step: ChartStep,
  entry: IndexEntry,
  use: (pulled: PulledChart) => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  const folder = await mkdtemp(join(world.workFolder, 'chart-'))
  const { deadline } = limitsOf(step, world.deadline)
  try {
    const pulled = await pullChart(world.http, step.chart, entry, folder, {
      signal: world.signal,
      deadline,
      origin: world.origin,
    })
    return pulled.ok ? await use(pulled.value) : { problem: pulled.problem }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
