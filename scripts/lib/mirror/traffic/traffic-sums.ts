import { count, formatBytes } from '../../cli/text.ts'
import type { Outcome } from '../../model/events.ts'

/** Bytes of a run, over all tries of all items. */
export interface TrafficSums {
  /** Blobs and manifests that were sent to the target. */
  readonly sent: number
  /** Blobs that the target mounted from other repositories of its own. */
  readonly mounted: number
  /** Blobs of copied items that their repositories had already. */
  readonly present: number
  /** Items of whose bytes some are unknown and not counted. */
  readonly unknown: number
  /** Uploads and attempts that broke off; what they had sent of unfinished blobs is not counted. */
  readonly brokenOff: number
}

/** True when an item has sent something, whether it got through in the end or not. */
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

/** Sentences on the bytes of a run; none when nothing is known to have moved. */
export function describeTraffic(sums: TrafficSums): string[] {
  const { sent, mounted, present, unknown, brokenOff } = sums
  if (sent + mounted === 0) return []
  return [
    mounted > 0
      ? `${formatBytes(sent)} were sent; ${formatBytes(mounted)} were there already in other repositories and taken over.`
      : `${formatBytes(sent)} were sent.`,
    ...(present > 0 ? [`${formatBytes(present)} were in their own repositories already.`] : []),
    ...(unknown > 0 ? [`The bytes of ${count(unknown, 'item')} are unknown and not counted.`] : []),
    ...(brokenOff > 0
      ? [
          `${count(brokenOff, 'attempt')} broke off; what they had sent of unfinished blobs is not counted.`,
        ]
      : []),
  ]
}
