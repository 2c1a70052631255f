import pLimit from 'p-limit'
import { satisfies, validRange } from 'semver'
import type { Acquirer } from '../../charts/fetch/acquire.ts'
import { findVersion, relativeVersion } from '../../charts/fetch/index-file.ts'
import { stableVersions } from '../../charts/fetch/versions.ts'
import type { Session } from '../../session/session.ts'
import { type Addon, placeOfAddon } from '../../model/chart/addon.ts'
import { isChartVersion, isOciRepository } from '../../model/chart/chart.ts'
import type { Origin } from '../../model/origin.ts'
import { failure, invalidInput, type Problem, type Result, success } from '../../model/problem.ts'
import { explainMissing } from './missing-chart.ts'

/** Registries and repositories that are queried in parallel. */
const askedAtOnce = 8

export interface ResolvedAddon {
  readonly addon: Addon
  readonly version: string
}

/**
 * Resolves the version of every add-on: the one that it names, or the newest stable one, which is reported. A failure
 * affects only its add-on.
 */
export async function resolveVersions(
  addons: readonly Addon[],
  latest: boolean,
  acquirer: Acquirer,
  session: Session,
): Promise<{
  readonly resolved: ResolvedAddon[]
  readonly failed: { readonly addon: Addon; readonly problem: Problem }[]
}> {
  const limit = pLimit(askedAtOnce)
  const results = await Promise.all(
    addons.map((addon) =>
      limit(async () => {
        const { version } = addon
        const found =
          version === undefined || latest
            ? await newest(addon, '*', acquirer, session)
            : isChartVersion(version)
              ? await spelled(addon, version, acquirer, session.origin)
              : validRange(version) === null
                ? notAVersion(addon, version)
                : await newest(addon, version, acquirer, session)
        return { addon, found }
      }),
    ),
  )
  return {
    resolved: results.flatMap(({ addon, found }) =>
      found.ok ? [{ addon, version: found.value }] : [],
    ),
    failed: results.flatMap(({ addon, found }) =>
      found.ok ? [] : [{ addon, problem: found.problem }],
    ),
  }
}

function notAVersion(addon: Addon, version: string): Result<string> {
  return invalidInput(
    `"${version}" is not a version of chart "${addon.name}"`,
    `set a three-part version, such as 1.17.2, or a range, such as 1.x, for ${placeOfAddon(addon)}`,
  )
}

/** Returns the version as published, with or without a `v`; in a registry, a version is a verbatim tag. */
async function spelled(
  { name, repository }: Addon,
  version: string,
  acquirer: Acquirer,
  origin: Origin,
): Promise<Result<string>> {
  if (isOciRepository(repository)) return success(version)
  const index = await acquirer.index(repository)
  if (!index.ok) return index
  const entries = index.value.versionsOf(name)
  const isExact = entries.some((entry) => entry.version === version)
  const published = isExact ? version : (relativeVersion(entries, version) ?? version)
  const found = findVersion(index.value, { name, version: published, repository }, origin)
  return found.ok ? success(published) : found
}

async function newest(
  addon: Addon,
  range: string,
  acquirer: Acquirer,
  session: Session,
): Promise<Result<string>> {
  const versions = await stableVersions(addon, acquirer, session)
  if (!versions.ok) return failure(await explainMissing(addon, versions.problem, session))
  const first = versions.value.find((version) => satisfies(version, range))
  if (first === undefined) {
    return failure({
      kind: 'not-found',
      side: 'source',
      message: `"${addon.repository}" has no stable version of chart "${addon.name}"${range === '*' ? '' : ` within "${range}"`}`,
      next: `check the name, repository and version at ${placeOfAddon(addon)}`,
    })
  }
  const written =
    addon.version === undefined ? 'no version specified' : `${addon.version} requested`
  session.notice(`${addon.release}: ${written}; using ${first}, the newest stable match`)
  return success(first)
}
