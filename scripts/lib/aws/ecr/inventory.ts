import pLimit from 'p-limit'
import { matchesWildcard } from '../../model/text/wildcard.ts'
import type { Ecr, EcrImage, EcrRepository } from './client.ts'
import { chartArchiveOf } from '../../model/image/content.ts'
import { explainUnreadable, type Unreadable } from './unreadable.ts'

/** The content of a tag in the target. */
export interface Stored {
  readonly digest: string
  /** Digest of the chart archive, for a chart. */
  readonly layer?: string
}

/** The part of the target that concerns a selection. */
export interface Inventory {
  /** Every repository of the registry. */
  readonly all: ReadonlyMap<string, EcrRepository>
  /** The selected ones. */
  readonly repositories: ReadonlyMap<string, EcrRepository>
  /** By `<repository>:<tag>`. */
  readonly stored: ReadonlyMap<string, Stored>
  /** Manifest texts, by digest. */
  readonly texts: ReadonlyMap<string, string>
  /** Existing tags that cannot be read, by `<repository>:<tag>`. */
  readonly unreadable?: ReadonlyMap<string, Unreadable>
}

/**
 * Returns true when ECR would not let the tag point to another image. An exclusion filter inverts the repository's
 * setting for the tags that it matches.
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

/** Concurrent reads: ECR has no call across repositories, so each needs its own. */
const readsAtOnce = 32

/**
 * Reads the target: one paged listing of its repositories, then one batched read for each selected repository that
 * exists. Throws the `ProblemError` of the first call that fails.
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

/** Returns the content of an image from ECR, as needed by plans and checks. */
export function storedOf({ digest, manifest }: Pick<EcrImage, 'digest' | 'manifest'>): Stored {
  const layer = chartArchiveOf(manifest)
  return layer === undefined ? { digest } : { digest, layer }
}
