import { mirroredRepository, placeImages } from '../../../scripts/lib/model/image/layout.ts'
import {
  type Manifest,
  publishedVersion,
  referenceOf,
} from '../../../scripts/lib/model/manifest/manifest.ts'
import { formatReference } from '../../../scripts/lib/model/image/reference.ts'

export interface ImageWork {
  readonly source: string
  readonly repository: string
  readonly tag: string
}

export interface ChartWork {
  readonly name: string
  /** As published. */
  readonly version: string
  readonly repository: string
}

/** What every mover has to move. */
export interface Work {
  readonly images: readonly ImageWork[]
  readonly charts: readonly ChartWork[]
}

/** The work that a manifest asks for: the kit reads it itself, for the others it is spelled out. */
export function workOf({ images, charts }: Manifest): Work {
  const references = images.map(referenceOf)
  const places = placeImages(references, mirroredRepository)
  return {
    images: references.map((reference) => {
      const source = formatReference(reference)
      const place = places.get(source)
      if (place === undefined) throw new Error(`"${source}" has no place`)
      return { source, ...place }
    }),
    charts: charts.map((chart) => ({
      name: chart.name,
      version: publishedVersion(chart),
      repository: chart.repository,
    })),
  }
}

/** All repositories that the work needs, each once. */
export function repositoriesOf({ images, charts }: Work): string[] {
  const names = [
    ...images.map((one) => one.repository),
    ...charts.map(({ name }) => `charts/${name}`),
  ]
  return [...new Set(names)].toSorted()
}

/**
 * The same manifest when a publisher has brought out one new version: an image in the middle of the list has another
 * tag. For all movers that is the same change of their list.
 */
export function withOneChanged(manifest: Manifest): Manifest {
  const middle = Math.floor(manifest.images.length / 2)
  return {
    ...manifest,
    images: manifest.images.map((image, index) =>
      index === middle ? { ...image, reference: nextTag(image.reference) } : image,
    ),
  }
}

function nextTag(reference: string): string {
  return `${reference}-next`
}
