import { repositoryAt } from '../../model/image/layout.ts'
import type { Manifest } from '../../model/manifest/manifest.ts'
import { repositoriesInUse } from './in-use.ts'

/** Where a clean-up may delete repositories. All others are kept. */
export interface CleanupScope {
  /** Manifests whose repositories are cleaned up. */
  readonly manifests: readonly Manifest[]
  /** The given path; empty for none. */
  readonly prefix: string
}

/**
 * Why a repository is in scope. `root`: it is under `mirrored/` or `charts/`. `prefix`: it is under the prefix, or has
 * its name. `manifest`: a manifest has an image or a chart there. `chart`: it is under the name of a manifest's chart,
 * where the `by-chart` layout puts images.
 */
export type CleanupPlace =
  | { readonly kind: 'root' | 'prefix' | 'chart'; readonly path: string }
  | { readonly kind: 'manifest' }

/** The folders of the `mirrored` layout. */
const roots = ['mirrored', 'charts']

/**
 * Returns a function that finds the place of a repository in the scope, or undefined. Without a manifest and a prefix,
 * the scope is what the `mirrored` layout creates at the root of the registry, where any other name may belong to
 * another team.
 */
export function cleanupPlaces({
  manifests,
  prefix,
}: CleanupScope): (repository: string) => CleanupPlace | undefined {
  if (manifests.length > 0) return manifestPlaces(manifests, prefix)
  if (prefix !== '') {
    return (repository) =>
      repository === prefix || isUnder(repository, prefix)
        ? { kind: 'prefix', path: prefix }
        : undefined
  }
  return (repository) => {
    const path = roots.find((root) => isUnder(repository, root))
    return path === undefined ? undefined : { kind: 'root', path }
  }
}

function manifestPlaces(
  manifests: readonly Manifest[],
  prefix: string,
): (repository: string) => CleanupPlace | undefined {
  const used = new Set(manifests.flatMap((manifest) => repositoriesInUse(manifest, prefix)))
  const names = manifests.flatMap(({ charts }) => charts.map(({ name }) => name))
  const folders = new Set(
    names
      // A chart with such a name would put the images of all other charts in scope.
      .filter((name) => !roots.includes(name))
      .map((name) => repositoryAt({ registry: '', prefix }, { repository: name, tag: '' })),
  )
  return (repository) => {
    if (used.has(repository)) return { kind: 'manifest' }
    const path = parentsOf(repository).find((parent) => folders.has(parent))
    return path === undefined ? undefined : { kind: 'chart', path }
  }
}

/** Returns the folders that contain a repository, the outermost first. */
function parentsOf(repository: string): string[] {
  const parts = repository.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function isUnder(repository: string, folder: string): boolean {
  return repository.startsWith(`${folder}/`)
}
