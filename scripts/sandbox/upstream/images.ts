import { parseReference, type Reference } from '../../lib/model/image/reference.ts'
import { unwrap } from '../../lib/model/problem.ts'
import type { ImageFactory } from '../content/image.ts'
import {
  addArtifact,
  type Artifact,
  createRepository,
  findManifest,
  type Repository,
} from '../content/repository.ts'

/** The images of the public registries. An image is generated when its repository is first requested. */
export interface UpstreamImages {
  registries(): string[]
  /** Registers an image, which is generated on the first request. */
  stock(reference: string): void
  find(registry: string, path: string): Repository | undefined
  /** The digest that a reference has now; `undefined` if it does not exist. */
  digestOf(reference: string): string | undefined
  /** Moves a tag to a new image, as a publisher would. Returns the new digest. */
  replace(reference: string): string
  remove(reference: string): void
  add(registry: string, path: string, tag: string, artifact: Artifact): void
}

export function createUpstreamImages(factory: ImageFactory): UpstreamImages {
  /** Key: registry and path. Value: the tags not yet generated, and the repository so far. */
  const shelf = new Map<string, { waiting: Map<string, number>; repository: Repository }>()
  const revisions = new Map<string, number>()

  const place = (registry: string, path: string) => {
    const key = `${registry}/${path}`
    const slot = shelf.get(key) ?? { waiting: new Map(), repository: createRepository(path) }
    shelf.set(key, slot)
    return slot
  }
  const find = (registry: string, path: string): Repository | undefined => {
    const slot = shelf.get(`${registry}/${path}`)
    if (!slot) return undefined
    for (const [tag, revision] of slot.waiting) {
      const image = factory({ repository: `${registry}/${path}`, tag, revision })
      addArtifact(slot.repository, image, tag)
    }
    slot.waiting.clear()
    return slot.repository
  }
  const announce = (reference: Reference, revision = 0): void => {
    place(reference.registry, reference.path).waiting.set(tagOf(reference), revision)
  }

  return {
    find,
    stock: (text) => announce(unwrap(parseReference(text))),
    registries: () => [...new Set([...shelf.keys()].map((key) => key.slice(0, key.indexOf('/'))))],
    digestOf(text) {
      const reference = unwrap(parseReference(text))
      const repository = find(reference.registry, reference.path)
      return repository && findManifest(repository, reference.digest ?? tagOf(reference))?.digest
    },
    replace(text) {
      const reference = unwrap(parseReference(text))
      const { registry, path } = reference
      const key = `${registry}/${path}:${tagOf(reference)}`
      const known = find(registry, path)?.tags.has(tagOf(reference)) ?? false
      const revision = (revisions.get(key) ?? 0) + (known ? 1 : 0)
      revisions.set(key, revision)
      announce(reference, revision)
      return find(registry, path)?.tags.get(tagOf(reference)) ?? ''
    },
    remove(text) {
      const reference = unwrap(parseReference(text))
      const repository = find(reference.registry, reference.path)
      const digest = repository?.tags.get(tagOf(reference)) ?? reference.digest
      repository?.tags.delete(tagOf(reference))
      if (digest !== undefined) repository?.manifests.delete(digest)
      if (repository?.tags.size === 0) shelf.delete(`${reference.registry}/${reference.path}`)
    },
    add(registry, path, tag, artifact) {
      addArtifact(place(registry, path).repository, artifact, tag)
    },
  }
}

/** Returns the name from which to generate an image that is known only by its digest. */
function tagOf(reference: Reference): string {
  return reference.tag ?? reference.digest?.replace(':', '-') ?? 'latest'
}
