import { archiveTime } from './archive.ts'
import { buildLayer, type Layer, type LayerSize, planLayers } from './layer.ts'
import { type Dialect, dockerDialect, inToto, ociDialect } from './media-types.ts'
import { type Artifact, type Descriptor, describeBlob, type Manifest } from './repository.ts'
import { digestOf, fractionFrom } from './seed.ts'
import type { ContentStore } from './store.ts'

interface ImageName {
  /** Registry and path: `quay.io/strimzi/kafka`. */
  readonly repository: string
  readonly tag: string
  /** The revision of a tag; each revision is a different image, as when a publisher moves a tag. */
  readonly revision?: number
}

export type ImageFactory = (name: ImageName) => Artifact

/** How an image is packaged. Real registries contain all of these. */
export interface Packing {
  readonly dialect: Dialect
  readonly multiArchitecture: boolean
  readonly attested: boolean
}

/** Decides by the image's name alone: a few images have no index, and a fifth have attestations. */
export function packingOf(repository: string, tag: string): Packing {
  const fraction = fractionFrom(`packing ${repository}:${tag}`)
  const dialect = fraction < 0.5 ? dockerDialect : ociDialect
  return { dialect, multiArchitecture: fraction >= 0.05, attested: fraction >= 0.8 }
}

/**
 * Generates images whose digests depend only on name, tag, revision and the scales. A larger `baseScale` increases
 * the shared part of each image.
 */
export function createImageFactory(store: ContentStore, scale = 1, baseScale = 1): ImageFactory {
  const layers = new Map<string, Layer>()
  const layerOf = (size: LayerSize, mediaType: string): Layer => {
    const factor = size.isBase ? scale * baseScale : scale
    const scaled = { ...size, bytes: Math.max(16, Math.round(size.bytes * factor)) }
    const key = `${mediaType} ${scaled.bytes} ${scaled.seed}`
    const layer = layers.get(key) ?? buildLayer(store, scaled, mediaType)
    layers.set(key, layer)
    return layer
  }

  return ({ repository, tag, revision = 0 }) => {
    const image = `${repository}:${tag}`
    const packing = packingOf(repository, tag)
    const build = (architecture: string): Child => {
      const plan = planLayers(image, `${image} ${revision}`, architecture)
      const built = plan.map((size) => layerOf(size, packing.dialect.layer))
      return buildChild(store, { image, architecture, layers: built, dialect: packing.dialect })
    }
    if (!packing.multiArchitecture) {
      const child = build('amd64')
      return { digest: child.manifest.digest, manifests: [child.manifest], blobs: child.blobs }
    }
    const children = ['amd64', 'arm64'].map(build)
    const attestations = packing.attested
      ? children.map((child) => attest(store, image, child))
      : []
    return buildIndex(packing.dialect, [...children, ...attestations])
  }
}

interface Child {
  readonly manifest: Manifest
  readonly blobs: readonly string[]
  readonly platform: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

interface ChildParts {
  readonly image: string
  readonly architecture: string
  readonly layers: readonly Layer[]
  readonly dialect: Dialect
}

function buildChild(store: ContentStore, parts: ChildParts): Child {
  const { image, architecture, layers, dialect } = parts
  const created = archiveTime.toISOString()
  const platform = { architecture, os: 'linux', ...(architecture === 'arm64' && { variant: 'v8' }) }
  const configuration = {
    ...platform,
    created,
    config: {
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      Entrypoint: ['/usr/local/bin/start'],
      Labels: { 'org.opencontainers.image.title': image },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, index) => ({ created, created_by: `step ${index}` })),
  }
  const config = describeBlob(store, dialect.config, Buffer.from(JSON.stringify(configuration)))
  const descriptors = layers.map(({ descriptor }) => descriptor)
  return {
    manifest: toManifest(dialect.manifest, { config, layers: descriptors }),
    blobs: [config, ...descriptors].map(({ digest }) => digest),
    platform,
  }
}

/** Returns an attestation as BuildKit attaches it: a separate child without a platform, which names its subject. */
function attest(store: ContentStore, image: string, subject: Child): Child {
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: image, digest: { sha256: subject.manifest.digest.slice(7) } }],
  }
  const layer = describeBlob(store, inToto, Buffer.from(JSON.stringify(statement)))
  const empty = {
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  }
  const config = describeBlob(store, ociDialect.config, Buffer.from(JSON.stringify(empty)))
  return {
    manifest: toManifest(ociDialect.manifest, { config, layers: [layer] }),
    blobs: [config.digest, layer.digest],
    platform: { architecture: 'unknown', os: 'unknown' },
    annotations: {
      'vnd.docker.reference.digest': subject.manifest.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
  }
}

function buildIndex(dialect: Dialect, children: readonly Child[]): Artifact {
  const manifests = children.map(({ manifest, platform, annotations }): Descriptor => ({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.length,
    platform,
    ...(annotations && { annotations }),
  }))
  const index = toManifest(dialect.index, { manifests })
  return {
    digest: index.digest,
    manifests: [...children.map(({ manifest }) => manifest), index],
    blobs: children.flatMap(({ blobs }) => blobs),
  }
}

/** Serializes a manifest; every kind begins with the same two fields. */
export function toManifest(mediaType: string, fields: Readonly<Record<string, unknown>>): Manifest {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...fields }, null, 2))
  return { mediaType, digest: digestOf(bytes), bytes }
}
