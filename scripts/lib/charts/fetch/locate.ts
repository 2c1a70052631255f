import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  type ChartSource,
  isChartVersion,
  isOciRepository,
  parseChartSource,
} from '../../model/chart/chart.ts'
import { hasUserInfo, showAddress, userInfoProblem } from '../../model/internet/url.ts'
import { failure, invalidInput, type Result, success } from '../../model/problem.ts'
import { type Acquirer, createAcquirer, type LocalChart, openLocal } from './acquire.ts'
import { relativeVersion } from './index-file.ts'
import { parseOciAddress } from './oci-address.ts'
import { newestVersion } from './versions.ts'
import type { Session } from '../../session/session.ts'

export interface ChartQuery {
  /** A folder, an archive, `oci://host/path/name`, or the name of a chart in `repo`. */
  readonly chart: string
  readonly repo?: string
  readonly version?: string
}

/** Fetches the chart named on the command line. Without a version, uses and reports the newest stable one. */
export async function locateChart(
  query: ChartQuery,
  session: Session,
): Promise<Result<LocalChart>> {
  const { chart, repo, version } = query
  if (version !== undefined && !isChartVersion(version)) {
    return invalidInput(
      `--version "${version}" is not a chart version`,
      'use a version with three parts, for example 1.17.2',
    )
  }
  if (repo !== undefined) {
    const source = parseChartSource(chart, repo)
    return source.ok ? fetch(source.value, version, session) : source
  }
  if (chart.startsWith('oci://')) return locateInRegistry(chart, version, session)
  if (hasUserInfo(chart)) return failure(userInfoProblem('the chart', chart))
  const path = resolve(chart)
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) {
    return failure({
      kind: 'usage',
      side: 'input',
      message: `"${chart.includes('://') ? showAddress(chart) : chart}" is neither a folder nor a file`,
      next: 'specify a chart folder, an archive, oci://host/path/name, or a chart name with --repo URL',
    })
  }
  if (version !== undefined) {
    return invalidInput(`"${chart}" is a local chart, so --version does not apply`)
  }
  return openLocal(path, session)
}

/** Fetches a chart by its address in a registry, whose last part need not be the chart's name. */
async function locateInRegistry(
  chart: string,
  version: string | undefined,
  session: Session,
): Promise<Result<LocalChart>> {
  const address = parseOciAddress(chart)
  if (!address.ok) return address
  const { source, version: tag, digest } = address.value
  if (version !== undefined && (tag ?? version) !== version) {
    return invalidInput(
      `--version ${version} and tag ${tag} of the chart differ`,
      'use one of them',
    )
  }
  if (digest === undefined) return fetch(source, version ?? tag, session)
  const local = await createAcquirer(session).pinned(source, digest)
  const wanted = version ?? tag
  if (!local.ok || wanted === undefined || local.value.chart.metadata.version === wanted)
    return local
  return failure({
    kind: 'differs',
    side: 'source',
    message: `"${chart}" is version ${local.value.chart.metadata.version}`,
    next: 'remove the tag, or use the digest of that version',
  })
}

async function fetch(
  source: ChartSource,
  wanted: string | undefined,
  session: Session,
): Promise<Result<LocalChart>> {
  const acquirer = createAcquirer(session)
  const version =
    wanted === undefined
      ? await newestOf(source, acquirer, session)
      : await spelledVersion(source, acquirer, wanted)
  if (!version.ok) return version
  const found = { ...source, version: version.value }
  return isOciRepository(source.repository) ? acquirer.tagged(found) : acquirer.published(found)
}

async function newestOf(
  source: ChartSource,
  acquirer: Acquirer,
  session: Session,
): Promise<Result<string>> {
  const found = await newestVersion(source, acquirer, session)
  if (!found.ok) return found
  const newest = found.value
  if (newest === undefined) {
    return failure({
      kind: 'not-found',
      side: 'source',
      message: `"${source.repository}" has no stable version of chart "${source.name}"`,
      next: 'check its name, or specify a version with --version',
    })
  }
  session.notice(`no --version given; using ${source.name} ${newest}, the newest stable version`)
  return success(newest)
}

/** Finds a version as helm does in an index: 1.17.2 matches v1.17.2. In a registry, a version is a verbatim tag. */
async function spelledVersion(
  source: ChartSource,
  acquirer: Acquirer,
  wanted: string,
): Promise<Result<string>> {
  if (isOciRepository(source.repository)) return success(wanted)
  const index = await acquirer.index(source.repository)
  if (!index.ok) return index
  const entries = index.value.versionsOf(source.name)
  const isExact = entries.some((entry) => entry.version === wanted)
  return success(isExact ? wanted : (relativeVersion(entries, wanted) ?? wanted))
}
