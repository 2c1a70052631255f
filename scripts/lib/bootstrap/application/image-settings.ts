import { parseEcrRegistry } from '../../model/image/registry.ts'
import { emptyTree, nodeAt, setNode, type ValuesTree } from '../../model/values/values.ts'

/** An image of the application itself, with its key in the umbrella chart's values. */
interface ApplicationImage {
  readonly key: string
  /** Suffix after `public.ecr.aws/opensearchproject/opensearch-migrations-`. */
  readonly published: string
  /** The tag that the build of a checkout pushes. */
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
  // The installer uses the console's image.
  { key: 'installer', published: 'console', built: 'migrations_migration_console_latest' },
]

/** The origin of the application's images. */
export type ImageOrigin =
  | { readonly kind: 'published'; readonly version: string }
  /** Built from a checkout into the repository that the stack exports. */
  | { readonly kind: 'built'; readonly repository: string }

/**
 * Returns the default image settings. A leaf that the user has set is left out: a default never overrides it.
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

/** Returns true when a user's values point all of the application's images to private registries. */
export function namesPrivateImages(given: ValuesTree): boolean {
  return images.every(({ key }) => {
    const repository = nodeAt(given, ['images', key, 'repository'])
    return typeof repository === 'string' && parseEcrRegistry(repository.replace(/\/.*$/s, '')).ok
  })
}

/** Returns true when a user's values set everything about the application's images. */
export function namesAllImages(given: ValuesTree): boolean {
  return Object.keys(imageSettings({ kind: 'published', version: '' }, given)).length === 0
}
