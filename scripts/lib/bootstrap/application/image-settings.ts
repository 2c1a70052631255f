import { parseEcrRegistry } from '../../model/image/registry.ts'
import { emptyTree, nodeAt, setNode, type ValuesTree } from '../../model/values/values.ts'

/** An image of the application itself, and under which key the umbrella chart's values speak of it. */
interface ApplicationImage {
  readonly key: string
  /** What follows `public.ecr.aws/opensearchproject/opensearch-migrations-`. */
  readonly published: string
  /** The tag under which the build of a checkout pushes it. */
  readonly built: string
}

const images: readonly ApplicationImage[] = [
  {
    key: 'captureProxy',
    published: 'traffic-capture-proxy',
    built: 'migrations_capture_proxy_latest',
  },
  {
    key: 'trafficReplayer',
    published: 'traffic-replayer',
    built: 'migrations_traffic_replayer_latest',
  },
  {
    key: 'reindexFromSnapshot',
    published: 'reindex-from-snapshot',
    built: 'migrations_reindex_from_snapshot_latest',
  },
  { key: 'migrationConsole', published: 'console', built: 'migrations_migration_console_latest' },
  // The installer is the console's image in another part.
  { key: 'installer', published: 'console', built: 'migrations_migration_console_latest' },
]

/** Where the application's images come from. */
export type ImageOrigin =
  | { readonly kind: 'published'; readonly version: string }
  /** Built from a checkout into the repository that the stack exports. */
  | { readonly kind: 'built'; readonly repository: string }

/**
 * The image settings that a user need not write. What they have set themselves, one leaf or all, is left alone: a
 * default never beats it.
 */
export function imageSettings(origin: ImageOrigin, given: ValuesTree): ValuesTree {
  const settings = emptyTree()
  for (const { key, published, built } of images) {
    const leaves =
      origin.kind === 'built'
        ? { repository: origin.repository, tag: built }
        : {
            repository: `public.ecr.aws/opensearchproject/opensearch-migrations-${published}`,
            tag: origin.version,
          }
    for (const [leaf, value] of Object.entries(leaves)) {
      const path = ['images', key, leaf]
      if (nodeAt(given, path) === undefined) setNode(settings, path, value)
    }
  }
  return settings
}

/** True when a user's own values lead all of the application's images to private registries. */
export function namesPrivateImages(given: ValuesTree): boolean {
  return images.every(({ key }) => {
    const repository = nodeAt(given, ['images', key, 'repository'])
    return typeof repository === 'string' && parseEcrRegistry(repository.replace(/\/.*$/s, '')).ok
  })
}

/** True when a user's own values say all there is to say about the application's images. */
export function namesAllImages(given: ValuesTree): boolean {
  return Object.keys(imageSettings({ kind: 'published', version: '' }, given)).length === 0
}
