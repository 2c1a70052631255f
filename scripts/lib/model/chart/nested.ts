import { clip } from '../text/clip.ts'
import { lineOf } from '../text/line.ts'
import type { OutputPlace } from './place.ts'
import type { LayoutResult, LeafAssignment, RelocationResult } from './relocation.ts'

/** A chart that a rendered object names, and where. */
export interface NestedSource extends OutputPlace {
  readonly chart: string
  readonly version: string
  /** Without credentials. */
  readonly repository: string
  /** The chart that renders the object. */
  readonly parent: string
  /** 1 for an object of the relocated chart itself. */
  readonly depth: number
}

/** Values that the object does not pass on, and that no value of its chart adds: the user has to add them. */
export interface MissingValues {
  /** The field of the object that has to contain them. */
  readonly field: string
  readonly values: readonly LeafAssignment[]
}

/** A nested chart that was relocated with the values that its object passes on. */
export interface NestedChart extends NestedSource {
  readonly release: string
  readonly namespace: string
  readonly result: RelocationResult
  readonly solved: LayoutResult
  readonly missing: readonly MissingValues[]
}

/**
 * Why a nested chart was not relocated. `depth`, `number`: a limit was reached. `cycle`: it is one of the charts that
 * contain it. `version`: the object names no exact version. `address`: its repository is not an `https://` or `oci://`
 * address. `values`: further values come from outside the object. `failed`: it could not be fetched or rendered.
 */
export type NestedObstacle =
  | { readonly kind: 'depth' | 'number'; readonly limit: number }
  | { readonly kind: 'cycle' | 'version' | 'address' }
  | { readonly kind: 'values'; readonly fields: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }

/** A nested chart that was not relocated. */
export interface SkippedChart extends NestedSource {
  readonly obstacle: NestedObstacle
}

/** Describes a skipped chart in one line. */
export function describeSkipped({ chart, version, document, obstacle }: SkippedChart): string {
  const name = [chart, version].filter(Boolean).join(' ')
  return `nested chart ${clip(lineOf(name))} of ${clip(lineOf(document))} was not relocated: ${obstacleText(obstacle)}`
}

function obstacleText(obstacle: NestedObstacle): string {
  switch (obstacle.kind) {
    case 'depth':
      return `charts are followed for ${obstacle.limit} levels`
    case 'number':
      return `at most ${obstacle.limit} nested charts are relocated`
    case 'cycle':
      return 'it contains itself'
    case 'version':
      return 'the object names no exact version'
    case 'address':
      return 'its repository is neither an https:// nor an oci:// address'
    case 'values':
      return `further values come from ${obstacle.fields.map((field) => lineOf(field)).join(', ')}`
    case 'failed':
      return lineOf(obstacle.reason)
  }
}
