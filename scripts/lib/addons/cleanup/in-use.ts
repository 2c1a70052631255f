import {
  byChartRepositories,
  mirroredRepository,
  placeChart,
  repositoryAt,
} from '../../model/image/layout.ts'
import { chartVersionOf, type Manifest, referenceOf } from '../../model/manifest/manifest.ts'
import { repositoryOf } from '../../model/image/reference.ts'

/** Returns every repository that a manifest uses, in both layouts, so that none of them is deleted by mistake. */
export function repositoriesInUse(manifest: Manifest, prefix: string): string[] {
  const target = { registry: '', prefix }
  const at = (repository: string) => repositoryAt(target, { repository, tag: '' })
  const images = manifest.images.map((image) => at(mirroredRepository(referenceOf(image))))
  const charts = manifest.charts.flatMap((entry) => {
    const chart = chartVersionOf(entry)
    const own = manifest.images
      .filter((image) => image.charts.includes(entry.name))
      .map(referenceOf)
    const repositories = byChartRepositories(entry.name, own)
    return [
      ...own.map((reference) => at(repositories.get(repositoryOf(reference)) ?? '')),
      ...(['mirrored', 'by-chart'] as const).flatMap((layout) => {
        const place = placeChart(layout, chart, chart.version)
        return place.ok ? [repositoryAt(target, place.value)] : []
      }),
    ]
  })
  return [...images, ...charts]
}
