import { type ChartSource, chartTag } from '../chart/chart.ts'
import { escapePath, markEscaped } from './escape.ts'
import { invalidInput, type Result, success } from '../problem.ts'
import { formatReference, type Reference, repositoryOf } from './reference.ts'
import { isEcrRepositoryName, maximumPrefixLength, maximumRepositoryLength } from './registry.ts'

export type LayoutName = 'mirrored' | 'by-chart'

/** A place relative to registry and prefix: the same for every account, so it can be stored. */
export interface Place {
  readonly repository: string
  readonly tag: string
  /** It is at the root of the registry, whatever the prefix: a chart in the `by-chart` layout. */
  readonly isAtRoot?: true
}

/** The registry and prefix for places. An empty prefix means none. */
export interface Target {
  readonly registry: string
  readonly prefix: string
}

/** The length available to a layout after the longest prefix. */
const roomForPlace = maximumRepositoryLength - maximumPrefixLength - 1
/** A DNS name may have 253 characters; beyond this its escaped form leaves room for the path. */
const roomForHost = 94

/**
 * Returns the repository of an image in the `mirrored` layout: `mirrored/<source registry>/<path>`, escaped where ECR's
 * grammar is narrower than the source's. Injective: two source repositories never share one.
 */
export function mirroredRepository(reference: Reference): string {
  const host = escapePath(reference.registry, roomForHost)
  const start = `mirrored/${host}/`
  return `${start}${escapePath(reference.path, roomForPlace - start.length)}`
}

/**
 * Returns the repositories of one chart's images in the `by-chart` layout, by source repository: `<chart>/<image
 * name>`. Images with the same name become `<parent>-<name>`, with equal parents `<host>-<parent>-<name>`; remaining
 * collisions get a hash, so the map is injective for every set of references.
 *
 * @param further images that nothing uses yet; they get names that are left, and change none of the others
 */
export function byChartRepositories(
  chart: string,
  references: readonly Reference[],
  further: readonly Reference[] = [],
): Map<string, string> {
  const repositories = nameTogether(chart, references)
  const taken = new Set(repositories.values())
  for (const reference of further) {
    const key = repositoryOf(reference)
    if (repositories.has(key)) continue
    const free = [lastSegment, parentAndLast, hostParentAndLast]
      .map((spell) => `${chart}/${escapePath(spell(reference), roomIn(chart))}`)
      .find((name) => !taken.has(name))
    const name =
      free ?? `${chart}/${markEscaped(escapePath(lastSegment(reference), roomIn(chart)), key)}`
    repositories.set(key, name)
    taken.add(name)
  }
  return repositories
}

function roomIn(chart: string): number {
  return roomForPlace - chart.length - 1
}

function nameTogether(chart: string, references: readonly Reference[]): Map<string, string> {
  const sources = new Map(references.map((reference) => [repositoryOf(reference), reference]))
  const byName = groupKeys([...sources].map(([key, source]) => [lastSegment(source), key]))
  let names = new Map([...sources].map(([key, reference]) => [key, lastSegment(reference)]))
  for (const spell of [parentAndLast, hostParentAndLast]) {
    const clashing = duplicates(names)
    // All images with a clashing name change together, so that none keeps the short name because of its order.
    const affected = new Set(
      [...byName.values()].filter((keys) => keys.some((key) => clashing.has(key))).flat(),
    )
    names = new Map(
      [...sources].map(([key, source]) => [
        key,
        affected.has(key) ? spell(source) : (names.get(key) ?? ''),
      ]),
    )
  }
  const escaped = new Map([...names].map(([key, name]) => [key, escapePath(name, roomIn(chart))]))
  const clashing = duplicates(escaped)
  return new Map(
    [...escaped].map(([key, name]) => [
      key,
      `${chart}/${clashing.has(key) ? markEscaped(name, key) : name}`,
    ]),
  )
}

function lastSegment({ path }: Reference): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function parentAndLast({ registry, path }: Reference): string {
  const segments = path.split('/')
  return segments.length === 1 ? `${registry}-${path}` : segments.slice(-2).join('-')
}

function hostParentAndLast(reference: Reference): string {
  return `${reference.registry}-${reference.path.split('/').slice(-2).join('-')}`
}

/** Returns the keys whose value another key also has. */
function duplicates(names: ReadonlyMap<string, string>): Set<string> {
  const groups = groupKeys([...names].map(([key, name]) => [name, key]))
  return new Set([...groups.values()].filter((keys) => keys.length > 1).flat())
}

function groupKeys(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [group, key] of pairs) {
    const keys = groups.get(group)
    if (keys === undefined) groups.set(group, [key])
    else keys.push(key)
  }
  return groups
}

/** Returns the tag for a digest. Never `sha256-…`, which is the fallback tag of the referrers API. */
function digestTag(digest: string): string {
  return `digest-${digest.slice(digest.indexOf(':') + 1).slice(0, 12)}`
}

/**
 * Assigns a place to every reference, by canonical form. A tag belongs to the reference that is not pinned, else to the
 * first one in order; other digests with that repository and tag, and references without a tag, get a digest tag.
 *
 * @param repositories the repository of each source repository (`repositoryOf`), from one of the layouts
 */
export function placeImages(
  references: readonly Reference[],
  repositories: (reference: Reference) => string,
): Map<string, Place> {
  const owners = new Map<string, Reference>()
  for (const reference of references) {
    if (reference.tag === undefined) continue
    const key = `${repositoryOf(reference)}:${reference.tag}`
    const owner = owners.get(key)
    const better = owner?.digest !== undefined && reference.digest === undefined
    if (owner === undefined || better) owners.set(key, reference)
  }
  return new Map(
    references.map((reference) => {
      const { tag, digest } = reference
      const owner = tag === undefined ? undefined : owners.get(`${repositoryOf(reference)}:${tag}`)
      const ownsTag = digest === undefined || owner?.digest === digest
      const place = {
        repository: repositories(reference),
        // Without a tag and a digest, a pull means `latest`.
        tag:
          tag !== undefined && ownsTag ? tag : digest === undefined ? 'latest' : digestTag(digest),
      }
      return [formatReference(reference), place]
    }),
  )
}

/**
 * Returns the place of a chart. Helm appends the chart's name to a push target itself, so an invalid name cannot be
 * escaped.
 */
export function placeChart(
  layout: LayoutName,
  { name }: ChartSource,
  version: string,
): Result<Place> {
  const repository = layout === 'mirrored' ? `charts/${name}` : name
  if (!isEcrRepositoryName(repository)) {
    return invalidInput(
      `chart name "${name}" is not a valid ECR repository name, and helm requires the repository to have the chart's name`,
      'repack the chart under a lowercase name',
    )
  }
  const isAtRoot = layout === 'by-chart'
  return success({ repository, tag: chartTag(version), ...(isAtRoot && { isAtRoot }) })
}

/** Returns the repository's full name in the registry, with the prefix. */
export function repositoryAt(target: Target, place: Place): string {
  return target.prefix === '' || place.isAtRoot
    ? place.repository
    : `${target.prefix}/${place.repository}`
}

/** Returns where helm pulls a chart from: `oci://<registry>/[prefix/]<repository>`. */
export function chartAddress(target: Target, place: Place): string {
  return `oci://${target.registry}/${repositoryAt(target, place)}`
}

/** `<registry>/[prefix/]<repository>:<tag>`. */
export function formatDestination(target: Target, place: Place): string {
  return `${target.registry}/${repositoryAt(target, place)}:${place.tag}`
}

/**
 * Fills a stored value pattern for one target: `<registry>` becomes the host, `<prefix>` the prefix with its slash.
 */
export function fillPattern(pattern: string, { registry, prefix }: Target): string {
  return pattern
    .replaceAll('<registry>', registry)
    .replaceAll('<prefix>', prefix === '' ? '' : `${prefix}/`)
}
