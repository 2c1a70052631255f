import { rcompare, prerelease, valid } from 'semver'
import { isChartVersion, isOciRepository, ociChartUrl } from '../../model/chart/chart.ts'
import type { ChartSource } from '../../model/chart/chart.ts'
import { about, failure, type Result, success } from '../../model/problem.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import { listTagsCommand } from '../../tools/process/crane.ts'
import { withoutPlainHttp } from '../../tools/internet/plain-http.ts'
import { withRetry } from '../../tools/pacing/retry.ts'
import type { Acquirer } from './acquire.ts'
import type { Session } from '../../session/session.ts'

/** Returns the stable versions of a chart as published, newest first. */
export async function stableVersions(
  chart: ChartSource,
  acquirer: Acquirer,
  session: Session,
): Promise<Result<string[]>> {
  const all = isOciRepository(chart.repository)
    ? await listTags(chart, session)
    : await listIndex(chart, acquirer)
  if (!all.ok) return all
  const stable = all.value.filter(
    (version) => isChartVersion(version) && valid(version) && prerelease(version) === null,
  )
  return success(stable.toSorted(rcompare))
}

async function listIndex(
  { name, repository }: ChartSource,
  acquirer: Acquirer,
): Promise<Result<string[]>> {
  const index = await acquirer.index(repository)
  return index.ok ? success(index.value.versionsOf(name).map(({ version }) => version)) : index
}

/** Lists the tags of a chart in a registry; helm stores the `+` of a version as `_`. */
async function listTags(chart: ChartSource, session: Session): Promise<Result<string[]>> {
  const { run, surroundings, signal } = session
  const crane = await session.crane()
  const address = ociChartUrl(chart).slice('oci://'.length)
  const host = address.replace(/\/.*/, '')
  return withRetry(signal, async () => {
    const result = await run(listTagsCommand(crane.path, address), {
      ...withoutPlainHttp(surroundings.crane, [host]),
      signal,
      deadline: 60_000,
    })
    if (!result.ok) {
      const problem = classifyRun(result, { sourceHost: host })
      return failure(about(`tags of "${address}"`, problem))
    }
    const tags = result.stdout.split('\n').filter((tag) => tag !== '')
    return success(tags.map((tag) => tag.replaceAll('_', '+')))
  })
}
