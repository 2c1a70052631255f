import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
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
import { stableVersions } from './versions.ts'
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
  if (chart.startsWith('oci://')) {
    const name = basename(chart)
    const source = parseChartSource(name, chart)
    return source.ok ? fetch(source.value, version, session) : source
  }
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

async function fetch(
  source: ChartSource,
  wanted: string | undefined,
  session: Session,
): Promise<Result<LocalChart>> {
  const acquirer = createAcquirer(session)
  const version =
    wanted === undefined
      ? await newestVersion(source, acquirer, session)
      : await spelledVersion(source, acquirer, wanted)
  return version.ok ? acquirer.published({ ...source, version: version.value }) : version
}

async function newestVersion(
  source: ChartSource,
  acquirer: Acquirer,
  session: Session,
): Promise<Result<string>> {
  const versions = await stableVersions(source, acquirer, session)
  if (!versions.ok) return versions
  const [newest] = versions.value
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
