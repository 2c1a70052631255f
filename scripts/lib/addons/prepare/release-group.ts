import type { Addon } from '../../model/chart/addon.ts'
import type { ChartVersion } from '../../model/chart/chart.ts'
import { groupBy } from '../../model/collections.ts'
import { layerValues, type ValuesTree } from '../../model/values/values.ts'

/** One chart at one version, with every release that installs it. */
export interface ReleaseGroup extends ChartVersion {
  readonly releases: readonly Addon[]
}

/** Groups add-ons by chart, version and repository, with all their releases. */
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

/** A value set with which a chart is rendered. */
export interface NamedValues {
  readonly name: string
  readonly values: ValuesTree
  /** The release that sets them; absent for what every copy of the chart renders. */
  readonly addon?: Addon
}

/** Returns the value sets that a chart is rendered with: its minimal required values, and those of each release. */
export function variantsOf({ releases }: ReleaseGroup, required: ValuesTree): NamedValues[] {
  const variants: NamedValues[] = [{ name: 'default', values: required }]
  for (const addon of releases) {
    const { release, path, values, templated = [] } = addon
    if (Object.keys(values).length === 0 && templated.length === 0) continue
    const isTaken = variants.some(({ name }) => name === release)
    const name = isTaken ? `${release} (${path})` : release
    variants.push({ name, values: layerValues(required, values), addon })
  }
  return variants
}
