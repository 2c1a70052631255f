import type { Occurrence } from '../charts/find/find.ts'
import { joinedText } from '../charts/relocate/prove/joined.ts'
import { placeNames, suffixOf } from '../charts/relocate/destinations.ts'
import {
  chartAddress,
  fillPattern,
  type LayoutName,
  placeChart,
  type Target,
} from '../model/image/layout.ts'
import { type Manifest, publishedVersion, referenceOf } from '../model/manifest/manifest.ts'
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
  /** True for the address of a chart, which is not an image. */
  readonly isChart: (text: string) => boolean
}

export function valueRoutesOf(
  { images, charts }: Manifest,
  layout: LayoutName,
  target: Target,
): Routes {
  const known = new Set(images.map(({ reference }) => reference))
  const ofChart = (chart: string) => images.filter((image) => image.charts.includes(chart))
  const names = new Map(
    charts.map(({ name }) => [name, placeNames(layout, name, ofChart(name).map(referenceOf))]),
  )
  const direct = placeNames(layout, 'direct', images.map(referenceOf))
  const fill = (chart: string, occurrence: Pick<Occurrence, 'reference'>, suffix: string) =>
    fillPattern((names.get(chart) ?? direct)(occurrence.reference), target) + suffix
  const sources = new Map(
    images.flatMap((image) => {
      const reference = referenceOf(image)
      const tag = reference.tag === undefined ? '' : `:${reference.tag}`
      const digest = reference.digest === undefined ? '' : `@${reference.digest}`
      const owners = image.charts.length === 0 ? [''] : image.charts
      return owners.map(
        (chart) => [fill(chart, { reference }, `${tag}${digest}`), image.reference] as const,
      )
    }),
  )
  const addresses = new Map(
    charts.map((chart) => {
      const place = unwrap(placeChart(layout, chart, publishedVersion(chart)))
      return [chart.name, chartAddress(target, place)]
    }),
  )
  const places = new Set(addresses.values())
  return {
    addressOf: (chart) => addresses.get(chart),
    isChart: (text) => places.has(text),
    destinationOf: (chart, occurrence) =>
      known.has(formatReference(occurrence.reference))
        ? fill(chart, occurrence, suffixOf(joinedText(occurrence)))
        : undefined,
    sourceOf: (destination) => sources.get(destination) ?? sources.get(`${destination}:latest`),
    hasImages: (chart) =>
      ofChart(chart).some(({ found }) => found.some((place) => place.chart === chart)),
  }
}
