import pLimit from 'p-limit'
import type { Ecr, EcrRepository } from '../aws/ecr.ts'

/** What a tag of the target holds. */
export interface Stored {
  readonly digest: string
  /** Digest of the chart archive, when the tag is a chart. */
  readonly layer?: string
}

/** What the target has of all that is wanted. */
export interface Inventory {
  readonly repositories: ReadonlyMap<string, EcrRepository>
  /** By `<repository>:<tag>`. */
  readonly stored: ReadonlyMap<string, Stored>
}

/**
 * True when ECR refuses to let the tag point at something else. A filter turns its repository's rule around for the
 * tags that it matches.
 */
export function isImmutable(
  { mutability, exclusions }: Pick<EcrRepository, 'mutability' | 'exclusions'>,
  tag: string,
): boolean {
  const isExcluded =
    mutability.endsWith('_WITH_EXCLUSION') &&
    exclusions.some((filter) =>
      new RegExp(`^${filter.split('*').map(escapeText).join('.*')}$`).test(tag),
    )
  return mutability.startsWith('IMMUTABLE') !== isExcluded
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** ECR has no read across repositories, so it is one call for each; these many at a time. */
const readsAtOnce = 16

const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

/**
 * Reads the target: one paged listing of its repositories, then one batched read for each that is wanted and exists.
 * Throws `ProblemError` of the first call that fails.
 */
export async function readInventory(
  ecr: Ecr,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<Inventory> {
  const all = await ecr.listRepositories()
  const repositories = new Map(
    all.filter(({ name }) => wanted.has(name)).map((repository) => [repository.name, repository]),
  )
  const limit = pLimit(readsAtOnce)
  const pairs = await Promise.all(
    [...repositories.keys()].map((name) =>
      limit(async () => {
        const images = await ecr.readImages(name, wanted.get(name) ?? [])
        return images.map(
          ({ tag, digest, manifest }) =>
            [`${name}:${tag}`, { digest, ...readManifest(manifest) }] as const,
        )
      }),
    ),
  )
  return { repositories, stored: new Map(pairs.flat()) }
}

interface ManifestShape {
  readonly layers?: readonly { readonly mediaType: string; readonly digest: string }[]
}

/** Reads the digest of the chart's archive out of a manifest's text; what is no chart has none. */
export function readManifest(text: string): Pick<Stored, 'layer'> {
  const { layers = [] } = parseManifestText(text)
  const layer = layers.find(({ mediaType }) => mediaType === chartLayer)?.digest
  return layer === undefined ? {} : { layer }
}

function parseManifestText(text: string): ManifestShape {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null ? value : {}
}
