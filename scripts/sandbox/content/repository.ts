import { z } from 'zod'
import type { ContentStore } from './store.ts'

export interface Manifest {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Buffer
}

export interface StoredManifest extends Manifest {
  /** Milliseconds since 1970. */
  readonly pushedAt: number
}

/** The content of one repository. Blobs are only named here; the content store holds them. */
export interface Repository {
  readonly name: string
  readonly blobs: Set<string>
  readonly manifests: Map<string, StoredManifest>
  /** Tag to digest. */
  readonly tags: Map<string, string>
}

/** An image or other artifact as a value: its root manifest, all manifests below it, and the blobs that they name. */
export interface Artifact {
  readonly digest: string
  /** Children before parents. */
  readonly manifests: readonly Manifest[]
  readonly blobs: readonly string[]
}

const descriptor = z.object({
  mediaType: z.string(),
  digest: z.string(),
  size: z.number(),
  urls: z.array(z.string()).optional(),
  platform: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})

/** The fields of a manifest or index that a registry reads. */
const manifestBody = z.object({
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
  subject: descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})

export type Descriptor = Readonly<z.infer<typeof descriptor>>
export type ManifestBody = Readonly<z.infer<typeof manifestBody>>

export function createRepository(name: string): Repository {
  return { name, blobs: new Set(), manifests: new Map(), tags: new Map() }
}

/** Puts an artifact into a repository under a tag, like a push. */
export function addArtifact(
  repository: Repository,
  artifact: Artifact,
  tag?: string,
  pushedAt = 0,
): void {
  for (const blob of artifact.blobs) repository.blobs.add(blob)
  for (const manifest of artifact.manifests) {
    repository.manifests.set(manifest.digest, { ...manifest, pushedAt })
  }
  if (tag !== undefined) repository.tags.set(tag, artifact.digest)
}

/** Finds a manifest by tag or digest. */
export function findManifest(
  repository: Repository,
  reference: string,
): StoredManifest | undefined {
  return repository.manifests.get(repository.tags.get(reference) ?? reference)
}

/** Reads a manifest. Throws an error for other content. */
export function parseManifest(manifest: Pick<Manifest, 'bytes'>): ManifestBody {
  return manifestBody.parse(JSON.parse(manifest.bytes.toString()))
}

/** Returns the blobs that a manifest names, without those that it says are stored elsewhere. */
export function blobsOf(body: ManifestBody): string[] {
  const descriptors = [...(body.config ? [body.config] : []), ...(body.layers ?? [])]
  return descriptors.filter(({ urls }) => !urls?.length).map(({ digest }) => digest)
}

/** Stores bytes and returns their descriptor. */
export function describeBlob(store: ContentStore, mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: store.put(bytes), size: bytes.length }
}
