import { groupBy } from '../../model/collections.ts'
import type { ChartVersion } from '../../model/chart/chart.ts'
import {
  mirroredRepository,
  type Place,
  placeChart,
  placeImages,
  repositoryAt,
  type Target,
} from '../../model/image/layout.ts'
import { chartVersionOf, type Manifest, referenceOf } from '../../model/manifest/manifest.ts'
import { failure, type Problem, type Result, success } from '../../model/problem.ts'
import { formatReference, type Reference } from '../../model/image/reference.ts'
import type { Selection } from './selection.ts'

/** A selected item and its destination, before the target is read. */
export type Placed =
  | {
      readonly kind: 'image'
      readonly reference: Reference
      readonly place: Place
      readonly charts: readonly string[]
    }
  | {
      readonly kind: 'chart'
      readonly chart: ChartVersion
      readonly place: Place
      /** A local archive that is pushed instead of the one in the repository. */
      readonly archive?: LocalArchive
    }

/** A chart archive on this machine. */
export interface LocalArchive {
  readonly file: string
  /** Hex. */
  readonly sha256: string
}

/** Assigns every selected item its place in the `mirrored` layout. Fails when two sources share a destination. */
export function placeSelection(manifest: Manifest, selection: Selection): Result<Placed[]> {
  // Computed from all images, so that a place does not depend on the current selection.
  const places = placeImages(manifest.images.map(referenceOf), mirroredRepository)
  const placed = selection.images.flatMap((image): Placed[] => {
    const reference = referenceOf(image)
    const place = places.get(formatReference(reference))
    return place === undefined ? [] : [{ kind: 'image', reference, place, charts: image.charts }]
  })
  for (const entry of selection.charts) {
    const chart = chartVersionOf(entry)
    const place = placeChart('mirrored', chart, chart.version)
    if (!place.ok) return place
    placed.push({ kind: 'chart', chart, place: place.value })
  }
  return refuseShared(placed)
}

function refuseShared(placed: Placed[]): Result<Placed[]> {
  const owners = new Map<string, Placed>()
  for (const item of placed) {
    const key = `${item.place.repository}:${item.place.tag}`
    const owner = owners.get(key)
    if (owner !== undefined) return failure(sharedDestination(key, itemName(owner), itemName(item)))
    owners.set(key, item)
  }
  return success(placed)
}

function sharedDestination(place: string, first: string, second: string): Problem {
  return {
    kind: 'conflict',
    side: 'input',
    message: `"${first}" and "${second}" would both be stored at "${place}"`,
    next: 'leave out one of the two, with --exclude or in the chart list',
  }
}

/** Returns the name of an item in all output: the canonical reference, or `chart name version`. */
export function itemName(item: Placed): string {
  return item.kind === 'image'
    ? formatReference(item.reference)
    : `chart ${item.chart.name} ${item.chart.version}`
}

/** Returns the tags to read from each repository, whose name includes the prefix. */
export function placesToRead(placed: readonly Placed[], target: Target): Map<string, string[]> {
  const byRepository = groupBy(placed, ({ place }) => repositoryAt(target, place))
  return new Map(
    [...byRepository].map(([repository, own]) => [repository, own.map(({ place }) => place.tag)]),
  )
}
