import type { Occurrence } from '../charts/find/find.ts'
import { joinedText } from '../charts/relocate/prove/joined.ts'
import { suffixOf } from '../charts/relocate/destinations.ts'
import {
  chartAddress,
  type LayoutName,
  placeChart,
  repositoryAt,
  type Target,
} from '../model/image/layout.ts'
import { type Manifest, publishedVersion, referenceOf } from '../model/manifest/manifest.ts'
import {
  directFolder,
  imagesOfOwner,
  ownersOf,
  repositoriesOfOwner,
} from '../model/manifest/places.ts'
import { unwrap } from '../model/problem.ts'
import { formatReference } from '../model/image/reference.ts'

/** The destinations of images and charts in a manifest. */
export interface Routes {
  /** Returns the full destination of an occurrence; undefined when its image is not in the manifest. */
  readonly destinationOf: (chart: string, occurrence: Occurrence) => string | undefined
  readonly sourceOf: (destination: string) => string | undefined
  readonly hasImages: (chart: string) => boolean
  /** Returns where the chart is pulled from: `oci://…`, or undefined when it is not in the manifest. */
  readonly addressOf: (chart: string) => string | undefined
  /** Returns the version under which the chart is mirrored. */
  readonly versionOf: (chart: string) => string | undefined
  /** True for the address of a chart, which is not an image. */
  readonly isChart: (text: string) => boolean
}

export function valueRoutesOf(manifest: Manifest, layout: LayoutName, target: Target): Routes {
  const { images, charts } = manifest
  const known = new Set(images.map(({ reference }) => reference))
  const owners = new Map(
    ownersOf(manifest).map((owner) => [owner, repositoriesOfOwner(manifest, layout, owner)]),
  )
  const fill = (owner: string, { reference }: Pick<Occurrence, 'reference'>, suffix: string) => {
    const repository = (owners.get(owner) ?? owners.get(directFolder))?.(reference)
    return repository === undefined
      ? undefined
      : `${target.registry}/${repositoryAt(target, { repository, tag: '' })}${suffix}`
  }
  const sources = new Map(
    [...owners.keys()].flatMap((owner) =>
      imagesOfOwner(manifest, owner).flatMap((image) => {
        const reference = referenceOf(image)
        const tag = reference.tag === undefined ? '' : `:${reference.tag}`
        const digest = reference.digest === undefined ? '' : `@${reference.digest}`
        const destination = fill(owner, { reference }, `${tag}${digest}`)
        return destination === undefined ? [] : [[destination, image.reference] as const]
      }),
    ),
  )
  const addresses = new Map(
    charts.map((chart) => {
      const place = unwrap(placeChart(layout, chart, publishedVersion(chart)))
      return [chart.name, chartAddress(target, place)]
    }),
  )
  const versions = new Map(charts.map((chart) => [chart.name, publishedVersion(chart)]))
  const places = new Set(addresses.values())
  return {
    addressOf: (chart) => addresses.get(chart),
    versionOf: (chart) => versions.get(chart),
    isChart: (text) => places.has(text),
    destinationOf: (chart, occurrence) =>
      known.has(formatReference(occurrence.reference))
        ? fill(chart, occurrence, suffixOf(joinedText(occurrence)))
        : undefined,
    sourceOf: (destination) => sources.get(destination) ?? sources.get(`${destination}:latest`),
    hasImages: (chart) => images.some(({ found }) => found.some((place) => place.chart === chart)),
  }
}
