import { count, formatBytes } from '../../cli/text.ts'
import type { Outcome } from '../../model/events.ts'

/** Bytes of a run, over all attempts of all items. */
export interface TrafficSums {
  /** Blobs and manifests that were sent to the target. */
  readonly sent: number
  /** Blobs that the target mounted from its other repositories. */
  readonly mounted: number
  /** Blobs of copied items that were already present in their repositories. */
  readonly present: number
  /** Number of items with unknown bytes, which are not counted. */
  readonly unknown: number
  /** Number of failed uploads and attempts; bytes of their unfinished blobs are not counted. */
  readonly brokenOff: number
}

/** Returns true when an item has sent something, even if it was not completed. */
export function hasMoved({ status, blobs }: Outcome): boolean {
  return status === 'copied' || status === 'overwritten' || blobs > 0
}

export function sumTraffic(outcomes: readonly Outcome[]): TrafficSums {
  const sum = (part: (outcome: Outcome) => number | undefined) =>
    outcomes.reduce((total, outcome) => total + (part(outcome) ?? 0), 0)
  return {
    sent: sum(({ bytes }) => bytes),
    mounted: sum(({ mountedBytes }) => mountedBytes),
    present: sum(({ presentBytes }) => presentBytes),
    unknown: outcomes.filter((outcome) => hasMoved(outcome) && outcome.bytes === undefined).length,
    brokenOff: sum(({ brokenOff }) => brokenOff),
  }
}

/** Returns sentences about the bytes of a run; none when nothing is known to have moved. */
export function describeTraffic(sums: TrafficSums): string[] {
  const { sent, mounted, present, unknown, brokenOff } = sums
  if (sent + mounted === 0) return []
  return [
    mounted > 0
      ? `Sent ${formatBytes(sent)}; mounted ${formatBytes(mounted)} from other repositories.`
      : `Sent ${formatBytes(sent)}.`,
    ...(present > 0
      ? [`Found ${formatBytes(present)} already present in their own repositories.`]
      : []),
    ...(unknown > 0 ? [`The sizes of ${count(unknown, 'item')} are unknown and not counted.`] : []),
    ...(brokenOff > 0
      ? [`${count(brokenOff, 'attempt')} failed; bytes of unfinished blobs are not counted.`]
      : []),
  ]
}
