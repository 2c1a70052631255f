import {
  byChartRepositories,
  formatDestination,
  type LayoutName,
  mirroredRepository,
  placeImages,
  type Target,
} from '../model/image/layout.ts'
import { type Manifest, type ManifestImage, referenceOf } from '../model/manifest/manifest.ts'
import { formatReference, repositoryOf } from '../model/image/reference.ts'
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
  const byChart = byChartRepositories('direct', direct)
  // Tags are assigned for all images together.
  const places =
    layout === 'mirrored'
      ? placeImages(manifest.images.map(referenceOf), mirroredRepository)
      : placeImages(direct, (reference) => byChart.get(repositoryOf(reference)) ?? '')
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

function isDirect({ charts, direct = charts.length === 0 }: ManifestImage): boolean {
  return direct
}
