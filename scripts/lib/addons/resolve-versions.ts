import pLimit from 'p-limit'
import { createAcquirer } from '../charts/acquire.ts'
import { stableVersions } from '../charts/versions.ts'
import type { Workshop } from '../charts/workshop.ts'
import type { Addon } from '../model/addon.ts'
import { failure, type Problem, type Result, success } from '../model/problem.ts'

/** Registries and repositories that are asked at a time. */
const askedAtOnce = 8

export interface ResolvedAddon {
  readonly addon: Addon
  readonly version: string
}

/**
 * Gives every add-on a version: the one that it names, or the newest stable one, which is said. What cannot be resolved
 * is a problem of that add-on alone.
 */
export async function resolveVersions(
  addons: readonly Addon[],
  latest: boolean,
  workshop: Workshop,
): Promise<{
  readonly resolved: ResolvedAddon[]
  readonly failed: { readonly addon: Addon; readonly problem: Problem }[]
}> {
  const acquirer = createAcquirer(workshop)
  const limit = pLimit(askedAtOnce)
  const newest = async (addon: Addon): Promise<Result<string>> => {
    const versions = await stableVersions(addon, acquirer, workshop)
    if (!versions.ok) return versions
    const [first] = versions.value
    if (first === undefined) {
      return failure({
        kind: 'not-found',
        side: 'source',
        message: `"${addon.repository}" has no stable version of chart "${addon.name}"`,
        next: `check name and repository at ${addon.path}, or name a version there`,
      })
    }
    workshop.notice(
      `${addon.release}: ${latest && addon.version !== undefined ? `${addon.version} is written, --latest takes` : 'no version is written, taken is'} ${first}, the newest stable one`,
    )
    return success(first)
  }
  const results = await Promise.all(
    addons.map((addon) =>
      limit(async () => {
        const { version } = addon
        const found = version === undefined || latest ? await newest(addon) : success(version)
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
