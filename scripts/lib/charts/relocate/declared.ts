import { groupBy } from '../../model/collections.ts'
import {
  dockerHub,
  formatReference,
  parseReference,
  type Reference,
  repositoryOf,
} from '../../model/image/reference.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import { ProblemError } from '../../model/problem.ts'
import { loadYaml } from '../chart/metadata.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { nameInHub } from './followers.ts'
import type { VariantView } from './view.ts'

/** An image that the publisher of a chart lists for tools and catalogs. */
export interface DeclaredImage {
  readonly reference: Reference
  /** The annotation of Chart.yaml, or the file. */
  readonly source: string
}

/** Artifact Hub, Helm's own convention, Bitnami's. Each is YAML in a text: a list of names and images. */
const annotations = ['artifacthub.io/images', 'helm.sh/images', 'images'] as const

/** The lock file of Bitnami's distribution tooling. */
const lockFile = 'Images.lock'

/** Maximum length of a list of images; longer ones are not read. */
const maximumList = 1024 * 1024

/**
 * Returns the images that a chart declares: in annotations of its Chart.yaml, and in `Images.lock`. What cannot be read
 * is left out, because nothing depends on it. An image with a condition counts only if one of the values meets it.
 */
export function declaredImages(
  { metadata, files }: ChartFiles,
  values: readonly ValuesTree[],
): DeclaredImage[] {
  const lists = annotations.map((name) => ({
    source: name,
    list: read(Object.hasOwn(metadata.annotations, name) ? metadata.annotations[name] : undefined),
  }))
  const lock = read(files.get(lockFile)?.toString('utf8'))
  const locked = isTree(lock) ? lock['images'] : undefined
  return [...lists, { source: lockFile, list: locked }].flatMap(({ source, list }) =>
    (Array.isArray(list) ? list : []).flatMap((item) => {
      const text = isTree(item) && isMet(item['condition'], values) ? item['image'] : undefined
      const parsed = typeof text === 'string' ? parseReference(text) : undefined
      return parsed?.ok ? [{ reference: parsed.value, source }] : []
    }),
  )
}

/** Images that are named in a notice. */
const maximumNamed = 5

/**
 * Describes the images that a chart declares, but of which no version was found: they belong to a component that is
 * switched off, or something pulls them that no render shows.
 */
export function describeUnfound(
  declared: readonly DeclaredImage[],
  found: readonly Reference[],
): string[] {
  const known = new Set(found.map(repositoryOf))
  const missing = declared.filter(({ reference }) => !known.has(repositoryOf(reference)))
  return [...groupBy(missing, ({ source }) => source)].map(([source, images]) => {
    const names = [...new Set(images.map(({ reference }) => formatReference(reference)))]
    const rest = names.length > maximumNamed ? ` and ${names.length - maximumNamed} more` : ''
    return `its publisher lists further images (${source}), which were not found: ${names.slice(0, maximumNamed).join(', ')}${rest}`
  })
}

function read(text: string | undefined): ValuesNode | undefined {
  if (text === undefined || text.length > maximumList) return undefined
  try {
    return loadYaml(text)
  } catch (error) {
    if (error instanceof ProblemError) return undefined
    throw error
  }
}

/** True without a condition, and for one of several paths, as in a dependency, that is true in some values. */
function isMet(condition: ValuesNode | undefined, values: readonly ValuesTree[]): boolean {
  if (typeof condition !== 'string' || condition.trim() === '') return true
  const paths = condition.split(',').map((path) => path.trim().split('.'))
  return values.some((tree) => paths.some((path) => nodeAt(tree, path) === true))
}

/**
 * Returns images that values name in addition to the rendered ones. An image whose registry comes from elsewhere looks
 * like a Docker Hub image in the values; it does not count as another one.
 */
export function namedBeside(views: readonly VariantView[]): Reference[] {
  const rendered = new Set(
    views.flatMap(({ wanted }) => wanted.map(({ reference }) => nameInHub(reference))),
  )
  const named = views.flatMap((view) => view.named.map(({ reference }) => reference))
  return named
    .flatMap(readReference)
    .filter((reference) => reference.registry !== dockerHub || !rendered.has(nameInHub(reference)))
}

function readReference(text: string): Reference[] {
  const parsed = parseReference(text)
  return parsed.ok ? [parsed.value] : []
}
