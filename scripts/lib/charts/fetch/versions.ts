import { rcompare, prerelease, valid } from 'semver'
import { chartTag, isChartVersion, isOciRepository, ociChartUrl } from '../../model/chart/chart.ts'
import type { ChartSource } from '../../model/chart/chart.ts'
import { readJson } from '../../model/tree/json.ts'
import { isTree } from '../../model/values/values.ts'
import { about, failure, type Result, success } from '../../model/problem.ts'
import { classifyRun } from '../../tools/process/failures.ts'
import type { Command } from '../../tools/process/command.ts'
import { listTagsCommand, manifestCommand } from '../../tools/process/crane.ts'
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

/** Maximum number of tags to check for a chart. */
const maximumTags = 20

/**
 * Returns the newest stable version of a chart; undefined if it has none. A registry may keep images and signatures
 * beside charts, so the newest tag that holds a chart counts.
 */
export async function newestVersion(
  chart: ChartSource,
  acquirer: Acquirer,
  session: Session,
): Promise<Result<string | undefined>> {
  const versions = await stableVersions(chart, acquirer, session)
  if (!versions.ok || !isOciRepository(chart.repository)) {
    return versions.ok ? success(versions.value[0]) : versions
  }
  for (const version of versions.value.slice(0, maximumTags)) {
    const isChart = await holdsChart(chart, version, session)
    if (!isChart.ok) return isChart
    if (isChart.value) return success(version)
  }
  return success(undefined)
}

/** True if a tag holds a chart: its configuration has helm's media type. */
async function holdsChart(
  chart: ChartSource,
  version: string,
  session: Session,
): Promise<Result<boolean>> {
  const reference = `${ociChartUrl(chart).slice('oci://'.length)}:${chartTag(version)}`
  const printed = await askCrane(session, reference, manifestCommand)
  if (!printed.ok) return printed
  const manifest = readJson(printed.value)
  const config = isTree(manifest) ? manifest['config'] : undefined
  return success(isTree(config) && config['mediaType'] === chartConfigType)
}

const chartConfigType = 'application/vnd.cncf.helm.config.v1+json'

async function listIndex(
  { name, repository }: ChartSource,
  acquirer: Acquirer,
): Promise<Result<string[]>> {
  const index = await acquirer.index(repository)
  return index.ok ? success(index.value.versionsOf(name).map(({ version }) => version)) : index
}

/** Lists the tags of a chart in a registry; helm stores the `+` of a version as `_`. */
async function listTags(chart: ChartSource, session: Session): Promise<Result<string[]>> {
  const address = ociChartUrl(chart).slice('oci://'.length)
  const printed = await askCrane(session, address, listTagsCommand)
  if (!printed.ok) return failure(about(`tags of "${address}"`, printed.problem))
  const tags = printed.value.split('\n').filter((tag) => tag !== '')
  return success(tags.map((tag) => tag.replaceAll('_', '+')))
}

/** Runs a command of crane about an address in a registry, with retries. Returns what it prints. */
async function askCrane(
  session: Session,
  address: string,
  commandOf: (crane: string, address: string) => Command,
): Promise<Result<string>> {
  const { run, surroundings, signal } = session
  const crane = await session.crane()
  const host = address.replace(/\/.*/, '')
  return withRetry(signal, async () => {
    const result = await run(commandOf(crane.path, address), {
      ...withoutPlainHttp(surroundings.crane, [host]),
      signal,
      deadline: 60_000,
    })
    return result.ok ? success(result.stdout) : failure(classifyRun(result, { sourceHost: host }))
  })
}
