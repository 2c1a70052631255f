import { archiveTime } from '../content/archive.ts'
import { toManifest } from '../content/image.ts'
import { helmChart, helmConfig, ociDialect } from '../content/media-types.ts'
import { type Artifact, describeBlob } from '../content/repository.ts'
import type { ContentStore } from '../content/store.ts'
import type { ChartArchive } from './chart-archive.ts'

/** Packages a chart as the artifact that `helm push` uploads. */
export function chartArtifact(store: ContentStore, archive: ChartArchive): Artifact {
  const { metadata, bytes, name, version } = archive
  const config = describeBlob(store, helmConfig, Buffer.from(JSON.stringify(metadata)))
  const layer = describeBlob(store, helmChart, bytes)
  const manifest = toManifest(ociDialect.manifest, {
    config,
    layers: [layer],
    annotations: {
      'org.opencontainers.image.created': archiveTime.toISOString(),
      'org.opencontainers.image.title': name,
      'org.opencontainers.image.version': version,
    },
  })
  return { digest: manifest.digest, manifests: [manifest], blobs: [config.digest, layer.digest] }
}

/** Replaces the `+` of a version, which a tag cannot contain. */
export function chartTag(version: string): string {
  return version.replaceAll('+', '_')
}
