import pLimit from 'p-limit'
import { matchesWildcard } from '../../model/text/wildcard.ts'
import type { Ecr, EcrImage, EcrRepository } from './client.ts'
import { chartArchiveOf } from '../../model/image/content.ts'
import { explainUnreadable, type Unreadable } from './unreadable.ts'

/** What a tag of the target holds. */
export interface Stored {
  readonly digest: string
  /** Digest of the chart archive, when the tag is a chart. */
  readonly layer?: string
}

/** What the target has of all that is wanted. */
export interface Inventory {
  /** Every repository of the registry. */
  readonly all: ReadonlyMap<string, EcrRepository>
  /** Those that are wanted. */
  readonly repositories: ReadonlyMap<string, EcrRepository>
  /** By `<repository>:<tag>`. */
  readonly stored: ReadonlyMap<string, Stored>
  /** Texts of their manifests, by digest. */
  readonly texts: ReadonlyMap<string, string>
  /** Tags that are there and cannot be read, by `<repository>:<tag>`. */
  readonly unreadable?: ReadonlyMap<string, Unreadable>
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
    exclusions.some((filter) => matchesWildcard(tag, filter))
  return mutability.startsWith('IMMUTABLE') !== isExcluded
}

/** ECR has no read across repositories, so it is one call for each; these many at a time. */
const readsAtOnce = 32

/**
 * Reads the target: one paged listing of its repositories, then one batched read for each that is wanted and exists.
 * Throws `ProblemError` of the first call that fails.
 */
export async function readInventory(
  ecr: Ecr,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<Inventory> {
  const all = new Map(
    (await ecr.listRepositories()).map((repository) => [repository.name, repository]),
  )
  const repositories = new Map([...all].filter(([name]) => wanted.has(name)))
  const limit = pLimit(readsAtOnce)
  const stored = new Map<string, Stored>()
  const texts = new Map<string, string>()
  const unreadable = new Map<string, Unreadable>()
  const readOne = async (name: string) => {
    const read = await ecr.readImages(name, wanted.get(name) ?? [])
    for (const image of read.images) {
      stored.set(`${name}:${image.tag}`, storedOf(image))
      texts.set(image.digest, image.manifest)
    }
    for (const [tag, what] of await explainUnreadable(ecr, name, read.unreadable)) {
      unreadable.set(`${name}:${tag}`, what)
    }
  }
  await Promise.all([...repositories.keys()].map((name) => limit(() => readOne(name))))
  return { all, repositories, stored, texts, unreadable }
}

/** What an image that ECR has read out holds, as far as plans and checks ask. */
export function storedOf({ digest, manifest }: Pick<EcrImage, 'digest' | 'manifest'>): Stored {
  const layer = chartArchiveOf(manifest)
  return layer === undefined ? { digest } : { digest, layer }
}
