import {
  formatDestination,
  type LayoutName,
  placeImages,
  type Target,
} from '../model/image/layout.ts'
import { type Manifest, referenceOf } from '../model/manifest/manifest.ts'
import { directFolder, isDirect, repositoriesOfOwner } from '../model/manifest/places.ts'
import { formatReference } from '../model/image/reference.ts'
import type { CheckedReference } from './check.ts'

/** The name under which direct images are listed instead of a chart name. */
export const directOwner = 'direct images'

/**
 * Returns the destinations of images that the system uses outside any chart. No render shows them; only the registry
 * can tell whether they exist.
 */
export function directImages(
  manifest: Manifest,
  layout: LayoutName,
  target: Target,
): CheckedReference[] {
  const direct = manifest.images.filter(isDirect).map(referenceOf)
  // In the `mirrored` layout, tags are assigned for all images together.
  const together = layout === 'mirrored' ? manifest.images.map(referenceOf) : direct
  const repositoryOf = repositoriesOfOwner(manifest, layout, directFolder)
  const places = placeImages(together, (reference) => repositoryOf(reference) ?? '')
  return direct.flatMap((reference): CheckedReference[] => {
    const source = formatReference(reference)
    const place = places.get(source)
    if (place === undefined) return []
    const destination = formatDestination(target, place)
    return [
      {
        chart: directOwner,
        variant: '',
        verdict: 'private',
        reference:
          reference.digest === undefined ? destination : `${destination}@${reference.digest}`,
        source,
        document: '',
        path: '',
        template: '',
        leaves: [],
      },
    ]
  })
}
