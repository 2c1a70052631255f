import type { Addon } from '../../model/chart/addon.ts'
import type { ChartVersion } from '../../model/chart/chart.ts'
import { groupBy } from '../../model/collections.ts'
import { releaseNameOf } from '../../model/names/kubernetes.ts'
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

/** What templates read of a release besides its values. */
export interface Installation {
  readonly release: string
  readonly namespace: string
}

/** A value set with which a chart is rendered. */
export interface NamedValues extends Installation {
  /** Unique within its group. */
  readonly name: string
  readonly values: ValuesTree
  /** The release that sets them; absent for what every copy of the chart renders. */
  readonly addon?: Addon
}

/**
 * Returns the value sets that a chart is rendered with: its minimal required values, once for each name and namespace of
 * the releases that add none, because templates read these as well; and those of each other release.
 */
export function variantsOf(
  { name: chart, releases }: ReleaseGroup,
  required: ValuesTree,
): NamedValues[] {
  const [first] = [...releases.filter(isPlain), ...releases]
  const variants: NamedValues[] = [
    { name: 'default', values: required, ...installationOf(chart, first) },
  ]
  for (const addon of releases) {
    const own = installationOf(chart, addon)
    const name = freeName(addon, variants)
    if (!isPlain(addon)) {
      variants.push({ name, values: layerValues(required, addon.values), addon, ...own })
    } else if (!variants.some((other) => other.addon === undefined && isSame(own, other))) {
      variants.push({ name, values: required, ...own })
    }
  }
  return variants
}

function isPlain({ values, templated = [] }: Addon): boolean {
  return Object.keys(values).length === 0 && templated.length === 0
}

function installationOf(chart: string, addon: Addon | undefined): Installation {
  const { release = releaseNameOf(chart), namespace = 'default' } = addon ?? {}
  return { release, namespace }
}

function isSame(one: Installation, other: Installation): boolean {
  return one.release === other.release && one.namespace === other.namespace
}

function freeName({ release, path }: Addon, variants: readonly NamedValues[]): string {
  const taken = new Set(variants.map(({ name }) => name))
  if (!taken.has(release)) return release
  const name = `${release} (${path})`
  // Two paths can look alike, because keys may contain dots.
  const numbers = variants.map((_, index) => `${name} ${index + 2}`)
  return [name, ...numbers].find((free) => !taken.has(free)) ?? name
}
