import type { Problem } from './problem.ts'

export type Status =
  'copied' | 'overwritten' | 'restored' | 'skipped' | 'differs' | 'failed' | 'interrupted'

/** How a tag of the target compares with the request. */
export type ContentComparison =
  | 'absent'
  | 'same'
  | 'differs'
  /** Its presence is sufficient. */
  | 'not-compared'
  | 'to-compare'
  /** Its image is in ECR's archive or being restored, and cannot be pulled. */
  | 'archived'
  | 'restoring'
  /** ECR has it but does not return it. */
  | 'unreadable'

/** How one step ended. */
export interface Outcome {
  readonly kind: 'image' | 'chart'
  readonly name: string
  readonly host: string
  readonly destination: string
  readonly status: Status
  readonly comparison?: ContentComparison
  /** The reason as a sentence. */
  readonly reason: string
  readonly digest?: string
  readonly attempts: number
  /** The charts that use an image. */
  readonly charts?: readonly string[]
  /** Blobs that were fully sent, counted per upload, over all attempts. */
  readonly blobs: number
  /** Bytes sent, of blobs and manifests; absent when unknown. */
  readonly bytes?: number
  /** Blobs that the target mounted from another repository. */
  readonly mounted: number
  readonly mountedBytes?: number
  /** Bytes of blobs that the repository already had. */
  readonly presentBytes?: number
  /** Uploads and attempts that were interrupted; bytes of their unfinished blobs are unknown and not counted. */
  readonly brokenOff?: number
  /** Milliseconds since the run began. */
  readonly startedAt: number
  readonly milliseconds: number
  readonly problem?: Problem
  /** Set when the tag was put although the item failed: its content could not be read, or differs. */
  readonly isTagged?: boolean
  /** The repository that this run created for it and that has no tag yet. */
  readonly emptyRepository?: string
}

/** All events of a run. How they are shown is not the mirror's concern. */
export type MirrorEvent =
  | { readonly kind: 'phase'; readonly text: string }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'total'; readonly steps: number }
  | { readonly kind: 'start'; readonly name: string }
  | { readonly kind: 'blob'; readonly name: string; readonly bytes: number }
  | {
      readonly kind: 'retry'
      readonly name: string
      readonly delay: number
      readonly problem: Problem
    }
  | { readonly kind: 'end'; readonly outcome: Outcome }

export type Notify = (event: MirrorEvent) => void
