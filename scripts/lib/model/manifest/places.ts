import { byChartRepositories, type LayoutName, mirroredRepository } from '../image/layout.ts'
import { type Reference, repositoryOf } from '../image/reference.ts'
import { type Manifest, type ManifestImage, referenceOf } from './manifest.ts'

/** The folder of direct images in the `by-chart` layout. */
export const directFolder = 'direct'

/** True for an image that the system uses outside its charts; the umbrella's own ones count. */
export function isDirect({
  charts,
  direct = charts.length === 0,
}: Pick<ManifestImage, 'charts' | 'direct'>): boolean {
  return direct
}

/**
 * Returns the images whose repositories are named together in the `by-chart` layout: those of a chart, those of the
 * umbrella chart, or the direct ones.
 *
 * @param owner name of a chart or of the umbrella chart, or `direct`
 */
export function imagesOfOwner(manifest: Manifest, owner: string): readonly ManifestImage[] {
  const owned = ownedImages.get(manifest) ?? groupByOwner(manifest)
  ownedImages.set(manifest, owned)
  return owned.get(owner) ?? owned.get(directFolder) ?? []
}

/** Grouped once: a manifest may have thousands of charts and images. */
const ownedImages = new WeakMap<Manifest, ReadonlyMap<string, readonly ManifestImage[]>>()

function groupByOwner({ charts, images, umbrella }: Manifest): Map<string, ManifestImage[]> {
  const owned = new Map<string, ManifestImage[]>([[directFolder, images.filter(isDirect)]])
  if (umbrella !== undefined) {
    owned.set(
      umbrella.name,
      images.filter(({ found, runtime = [] }) =>
        [...found, ...runtime].some(({ chart }) => chart === umbrella.name),
      ),
    )
  }
  for (const { name } of charts) owned.set(name, [])
  const names = new Set(charts.map(({ name }) => name))
  for (const image of images) {
    for (const name of new Set(image.charts)) if (names.has(name)) owned.get(name)?.push(image)
  }
  return owned
}

/** Returns every owner of images in a manifest. */
export function ownersOf({ charts, umbrella }: Manifest): string[] {
  const names = charts.map(({ name }) => name)
  return [...names, ...(umbrella === undefined ? [] : [umbrella.name]), directFolder]
}

/**
 * Returns a function that names the repository of an owner's image in a layout, relative to the prefix; undefined for an
 * image that the owner does not have. Values, proofs and the repositories in use all follow it.
 */
export function repositoriesOfOwner(
  manifest: Manifest,
  layout: LayoutName,
  owner: string,
): (reference: Reference) => string | undefined {
  if (layout === 'mirrored') return mirroredRepository
  const references = imagesOfOwner(manifest, owner).map(referenceOf)
  const repositories = byChartRepositories(owner, references)
  return (reference) => repositories.get(repositoryOf(reference))
}
