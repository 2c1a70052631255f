import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { IndexEntry } from '../../charts/fetch/index-file.ts'
import { pullChart, type PulledChart } from '../../charts/fetch/pull.ts'
import type { Result } from '../../model/problem.ts'
import { limitsOf } from '../plan/deadline.ts'
import type { ChartStep } from '../plan/plan.ts'
import type { OpenRun } from '../session/doors.ts'

/** Pulls a chart of an HTTP repository, passes the verified archive on, and removes it in any case. */
export async function withArchive<T>(
  { request, doors }: OpenRun,
  step: ChartStep,
  entry: IndexEntry,
  use: (pulled: PulledChart) => Promise<Result<T>>,
): Promise<Result<T>> {
  const folder = await mkdtemp(join(doors.workFolder, 'chart-'))
  const { deadline } = limitsOf(step, request.copying.deadline)
  try {
    const pulled = await pullChart(doors.http, step.chart, entry, folder, {
      signal: doors.signal,
      deadline,
      origin: request.origin,
    })
    return pulled.ok ? await use(pulled.value) : pulled
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
