import type { Addon } from '../model/addon.ts'
import type { ChartVersion } from '../model/chart.ts'
import { groupBy } from '../model/collections.ts'
import { mergeValues, type ValuesTree } from '../model/values.ts'

/** One chart at one version, with every release that installs it. */
export interface ReleaseGroup extends ChartVersion {
  readonly releases: readonly Addon[]
}

/** Merges add-ons of the same chart, version and repository; all their releases are kept. */
export function groupReleases(
  resolved: readonly { readonly addon: Addon; readonly version: string }[],
): ReleaseGroup[] {
  const groups = groupBy(resolved, ({ addon, version }) =>
    [addon.repository, addon.name, version].join(' '),
  )
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const { name, repository } = first.addon
    return [{ name, repository, version: first.version, releases: same.map(({ addon }) => addon) }]
  })
}

/**
 * The value sets under which a chart is rendered: with the least that it asks for, and as each of its releases sets it.
 */
export function variantsOf(
  { releases }: ReleaseGroup,
  required: ValuesTree,
): ReadonlyMap<string, ValuesTree> {
  const variants = new Map([['default', required]])
  for (const { release, path, values } of releases) {
    if (Object.keys(values).length === 0) continue
    const name = variants.has(release) ? `${release} (${path})` : release
    variants.set(name, mergeValues(required, values))
  }
  return variants
}
