import { gt } from 'semver'
import { columns } from '../cli/text.ts'
import type { ListedChart } from '../model/chart/chart-list.ts'
import { chartVersionOf } from '../model/manifest/manifest.ts'
import type { Problem } from '../model/problem.ts'
import { createAcquirer } from '../charts/fetch/acquire.ts'
import { newestVersion } from '../charts/fetch/versions.ts'
import type { Session } from '../session/session.ts'

export interface Outdated {
  readonly name: string
  readonly current: string
  readonly newest: string
  readonly repository: string
}

/** Finds charts with a newer stable version, and the problems of those that could not be checked. */
export async function findOutdated(
  charts: readonly ListedChart[],
  session: Session,
): Promise<{ readonly outdated: Outdated[]; readonly problems: Problem[] }> {
  const acquirer = createAcquirer(session)
  const outdated: Outdated[] = []
  const problems: Problem[] = []
  await Promise.all(
    charts.map(async (chart) => {
      const found = await newestVersion(chart, acquirer, session)
      if (!found.ok) return problems.push(found.problem)
      const newest = found.value
      const { version: current } = chartVersionOf(chart)
      if (newest === undefined || !gt(newest, current)) return undefined
      const { name, repository } = chart
      return outdated.push({ name, current, newest, repository })
    }),
  )
  return { outdated: outdated.toSorted((a, b) => (a.name < b.name ? -1 : 1)), problems }
}

export function renderOutdated(outdated: readonly Outdated[]): string[] {
  if (outdated.length === 0) return []
  const rows = outdated.map(({ name, current, newest, repository }) => [
    name,
    current,
    newest,
    repository,
  ])
  return columns([['CHART', 'CURRENT', 'NEWEST', 'REPOSITORY'], ...rows])
}
