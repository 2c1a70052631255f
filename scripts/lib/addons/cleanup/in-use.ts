import { mirroredRepository, placeChart, repositoryAt } from '../../model/image/layout.ts'
import { chartVersionOf, type Manifest, referenceOf } from '../../model/manifest/manifest.ts'
import { imagesOfOwner, ownersOf, repositoriesOfOwner } from '../../model/manifest/places.ts'

/** Returns every repository that a manifest uses, in both layouts, so that none of them is deleted by mistake. */
export function repositoriesInUse(manifest: Manifest, prefix: string): string[] {
  const target = { registry: '', prefix }
  const at = (repository: string) => repositoryAt(target, { repository, tag: '' })
  const images = manifest.images.map((image) => at(mirroredRepository(referenceOf(image))))
  const byChart = ownersOf(manifest).flatMap((owner) => {
    const repositoryOf = repositoriesOfOwner(manifest, 'by-chart', owner)
    return imagesOfOwner(manifest, owner).flatMap((image) => {
      const repository = repositoryOf(referenceOf(image))
      return repository === undefined ? [] : [at(repository)]
    })
  })
  const charts = manifest.charts.map(chartVersionOf).flatMap((chart) =>
    (['mirrored', 'by-chart'] as const).flatMap((layout) => {
      const place = placeChart(layout, chart, chart.version)
      return place.ok ? [repositoryAt(target, place.value)] : []
    }),
  )
  return [...images, ...byChart, ...charts]
}
