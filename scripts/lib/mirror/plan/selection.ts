import picomatch from 'picomatch'
import type { Manifest, ManifestChart, ManifestImage } from '../../model/manifest/manifest.ts'
import { failure, type Result, success } from '../../model/problem.ts'

/** The requested part of a manifest. Globs match chart names and canonical references. */
export interface Wanted {
  readonly only?: readonly string[]
  readonly exclude?: readonly string[]
  readonly group?: string
  readonly kind?: 'images' | 'charts'
}

export interface Selection {
  readonly charts: readonly ManifestChart[]
  readonly images: readonly ManifestImage[]
}

/**
 * Selects charts and images. A chart includes its images: excluding it drops those that no other chart uses.
 * Fails for a pattern or group that matches nothing, so that a typo does not silently mirror nothing.
 */
export function selectFrom(manifest: Manifest, wanted: Wanted): Result<Selection> {
  const { only = [], exclude = [], group, kind } = wanted
  const groups = new Set(manifest.charts.map((chart) => chart.group))
  if (group !== undefined && !groups.has(group)) {
    return nothing(
      `--group "${group}"`,
      `use one of these groups: ${[...groups].toSorted().join(', ')}`,
    )
  }
  const names = [
    ...manifest.charts.map(({ name }) => name),
    ...manifest.images.map(({ reference }) => reference),
  ]
  for (const [flag, patterns] of [
    ['--only', only],
    ['--exclude', exclude],
  ] as const) {
    const idle = patterns.find((pattern) => !names.some((name) => matches(name, [pattern])))
    if (idle !== undefined) {
      return nothing(
        `${flag} "${idle}"`,
        'name a chart or an image in the manifest; * matches any text',
      )
    }
  }

  const charts = manifest.charts.filter(
    ({ name, ...chart }) =>
      (group === undefined || chart.group === group) &&
      (only.length === 0 || matches(name, only)) &&
      !matches(name, exclude),
  )
  const kept = new Set(charts.map(({ name }) => name))
  const inGroup = new Set(
    manifest.charts.filter((chart) => chart.group === group).map(({ name }) => name),
  )
  const isWanted = ({ reference, charts: users, direct = users.length === 0 }: ManifestImage) => {
    if (matches(reference, exclude)) return false
    if (group !== undefined && !users.some((user) => inGroup.has(user))) return false
    if (only.length > 0 && matches(reference, only)) return true
    return users.some((user) => kept.has(user)) || (direct && only.length === 0)
  }
  const selection = {
    charts: kind === 'images' ? [] : charts,
    images: kind === 'charts' ? [] : manifest.images.filter(isWanted),
  }
  const isEmpty = selection.charts.length + selection.images.length === 0
  return !isEmpty || names.length === 0
    ? success(selection)
    : nothing(
        'this combination of --only, --exclude, --group, --images-only and --charts-only',
        'remove one of them',
      )
}

/** Matches a glob. A `*` matches any text, slashes included: references are names here, not paths. */
function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => picomatch.isMatch(name, pattern, { bash: true, dot: true }))
}

function nothing(what: string, next: string): Result<never> {
  return failure({
    kind: 'usage',
    side: 'input',
    message: `${what} matches nothing in the manifest`,
    next,
  })
}
