import { satisfies } from 'semver'
import { formatReference, parseReference, type Reference } from '../image/reference.ts'
import { type LeafPath, parseLeafPath } from '../values/leaf-path.ts'
import { nodeAt, type ValuesTree } from '../values/values.ts'
import type { ListedLeaf } from '../values/leaf-role.ts'

/** An image that an operator pulls while it runs. */
export interface OperatorImage {
  /** Canonical, without a tag. */
  readonly repository: string
  /** With placeholders: `v{app}`, `{kubernetes}`, `{values.driver.version}`. */
  readonly tag: string
  /** When it is pulled, in words. */
  readonly when: string
  /** Values that point to it, if any; paths of the operator's own chart. */
  readonly leaves: readonly ListedLeaf[]
  /** The field of a custom resource that names another one, in words. */
  readonly field?: string
  /** Some of the operating systems of nodes that `{os}` in the tag stands for. */
  readonly systems: readonly string[]
  /** Values with which it is pulled; always without any. */
  readonly conditions: readonly OperatorCondition[]
}

/** A value that a leaf must have. */
export interface OperatorCondition {
  readonly path: LeafPath
  readonly value: string | boolean
}

/** What some versions of an operator pull. */
export interface OperatorRelease {
  /** Range of chart versions. */
  readonly versions: string
  readonly images: readonly OperatorImage[]
  /** What these versions also pull that is not listed, in words. */
  readonly unlisted?: string
  /** Where the facts are from. */
  readonly source: string
}

/** A well-known chart whose program pulls images that no render shows. */
export interface Operator {
  readonly chart: string
  /** Where it is published, its home, its sources, or repositories of images that it renders; without a scheme. */
  readonly addresses: readonly string[]
  /** What it pulls, in words, for versions that no release is for. */
  readonly pulls: string
  /** The value or field that decides about it, in words. */
  readonly decidedBy: string
  readonly releases: readonly OperatorRelease[]
  readonly source: string
}

/** What is known of a chart that may be an operator's. */
export interface OperatorSubject {
  readonly name: string
  readonly version: string
  readonly appVersion?: string
  readonly kubeVersion: string
  /** Where the chart says that it comes from, and what it renders. */
  readonly addresses: readonly string[]
  /** The operating systems of the user's nodes; empty if unknown. */
  readonly systems: readonly string[]
  /** The values that it is rendered with. */
  readonly values: ValuesTree
}

/** An image with its tag. */
export interface PulledImage extends Omit<
  OperatorImage,
  'repository' | 'tag' | 'systems' | 'conditions'
> {
  /** Canonical. */
  readonly reference: Reference
  readonly operator: string
  readonly dependsOnKubernetes: boolean
  readonly source: string
}

/** What an operator pulls that is not known image by image. */
export interface UnknownPull {
  readonly operator: string
  readonly version: string
  /** In words. */
  readonly pulls: string
  readonly decidedBy: string
  /** Some operating systems of nodes, if their choice settles it. */
  readonly systems: readonly string[]
  readonly source: string
}

export interface OperatorMatch {
  readonly images: readonly PulledImage[]
  readonly unknown: readonly UnknownPull[]
}

/** Returns what a chart pulls at run time, by the catalog. A name alone is no match: the chart's origin must fit. */
export function matchOperators(
  subject: OperatorSubject,
  catalog: readonly Operator[],
): OperatorMatch {
  const images: PulledImage[] = []
  const unknown: UnknownPull[] = []
  for (const operator of catalog) {
    if (operator.chart !== subject.name || !isFrom(subject, operator.addresses)) continue
    const { chart, decidedBy } = operator
    const about = { operator: chart, version: subject.version, decidedBy, systems: [] }
    const releases = operator.releases.filter(({ versions }) => isIn(subject.version, versions))
    if (releases.length === 0) {
      unknown.push({ ...about, pulls: operator.pulls, source: operator.source })
    }
    for (const release of releases) {
      const { source, unlisted } = release
      if (unlisted !== undefined) unknown.push({ ...about, pulls: unlisted, source })
      for (const image of release.images) {
        if (!isMet(image, subject)) continue
        const pulled = tagsOf(image, subject).flatMap((tag) => referenceOf(image.repository, tag))
        if (pulled.length === 0) {
          const pulls = `${image.repository}:${shownTag(image, subject)}, ${image.when}`
          unknown.push({ ...about, pulls, systems: image.systems, source })
        }
        for (const reference of pulled) {
          images.push({
            reference,
            operator: chart,
            when: image.when,
            leaves: image.leaves,
            ...(image.field !== undefined && { field: image.field }),
            dependsOnKubernetes: image.tag.includes('{kubernetes'),
            source,
          })
        }
      }
    }
  }
  return { images, unknown }
}

/** Returns an address in the form in which addresses are compared: host and path. */
function bareAddress(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^[a-z]{1,16}:\/\//, '')
    .replace(/^www\./, '')
    .replace(/(?:\.git)?\/{0,8}$/, '')
}

function isFrom({ addresses }: OperatorSubject, known: readonly string[]): boolean {
  const own = addresses.map(bareAddress)
  return known.some((start) =>
    own.some((address) => address === start || address.startsWith(`${start}/`)),
  )
}

/** True for a version in a range; a pre-release of a version belongs to the ranges around it. */
function isIn(version: string, range: string): boolean {
  return satisfies(version, range, { includePrerelease: true, loose: true })
}

/** What stands for a part of a tag: `{app}`, or `{values.a.b}` for a value. */
const placeholder = /\{(app|chart|kubernetes|kubernetes-minor|values\.[^{}]+)\}/g

/** Returns the tag without its placeholders, each replaced by a text. */
export function fillTag(tag: string, fill: (key: string) => string): string {
  return tag.replaceAll(placeholder, (_, key: string) => fill(key))
}

function isMet({ conditions }: OperatorImage, { values }: OperatorSubject): boolean {
  return conditions.every(({ path, value }) => nodeAt(values, path) === value)
}

/** Returns the tags of an image. Returns none if something that they depend on is unknown. */
function tagsOf({ tag }: OperatorImage, subject: OperatorSubject): string[] {
  let isKnown = true
  const filled = fillTag(tag, (key) => {
    const part = partOf(key, subject)
    isKnown &&= part !== ''
    return part
  })
  if (!isKnown) return []
  if (!filled.includes('{os}')) return [filled]
  return subject.systems.map((system) => filled.replaceAll('{os}', system))
}

/** Returns a tag of which something is unknown. */
function shownTag({ tag }: OperatorImage, subject: OperatorSubject): string {
  return fillTag(tag, (key) => partOf(key, subject) || `{${key}}`)
}

/** Returns what a placeholder stands for; empty if it is unknown. */
function partOf(
  key: string,
  { appVersion = '', version, kubeVersion, values }: OperatorSubject,
): string {
  const kubernetes = bareVersion(kubeVersion)
  switch (key) {
    case 'app':
      return bareVersion(appVersion)
    case 'chart':
      return bareVersion(version)
    case 'kubernetes':
      return kubernetes
    case 'kubernetes-minor':
      return kubernetes.split('.').slice(0, 2).join('.')
    default: {
      const value = nodeAt(values, parseLeafPath(key.slice('values.'.length)) ?? [])
      return typeof value === 'string' ? value : ''
    }
  }
}

/** Returns a version without its `v` and build metadata. */
function bareVersion(version: string): string {
  return version.replace(/^v/, '').replace(/\+.*$/s, '')
}

/** Returns nothing for a tag that is none: the version of a chart may be any text. */
function referenceOf(repository: string, tag: string): Reference[] {
  const parsed = parseReference(`${repository}:${tag}`)
  return parsed.ok && parsed.value.tag === tag ? [parsed.value] : []
}

/** Identifies an image that is pulled. */
export function pulledKey({ reference }: Pick<PulledImage, 'reference'>): string {
  return formatReference(reference)
}
