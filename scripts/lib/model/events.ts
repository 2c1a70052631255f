import type { Problem } from './problem.ts'

export type Status =
  'copied' | 'overwritten' | 'restored' | 'skipped' | 'differs' | 'failed' | 'interrupted'

/** How a tag of the target compares with what is wanted. */
export type Comparison =
  | 'absent'
  | 'same'
  | 'differs'
  /** Its presence counts as enough. */
  | 'not-compared'
  | 'to-compare'
  /** Its image is in ECR's archive, or on its way back, and cannot be pulled. */
  | 'archived'
  | 'restoring'
  /** ECR has it and does not give it. */
  | 'unreadable'

/** How one step ended. */
export interface Outcome {
  readonly kind: 'image' | 'chart'
  readonly name: string
  readonly host: string
  readonly destination: string
  readonly status: Status
  readonly comparison?: Comparison
  /** The same as a sentence. */
  readonly reason: string
  readonly digest?: string
  readonly attempts: number
  /** The charts that use an image. */
  readonly charts?: readonly string[]
  /** Blobs that were sent in full, once for each time, over all tries. */
  readonly blobs: number
  /** Bytes sent, of blobs and manifests; absent when unknown. */
  readonly bytes?: number
  /** Blobs that the target mounted from a repository of its own. */
  readonly mounted: number
  readonly mountedBytes?: number
  /** Bytes of blobs that the repository had already. */
  readonly presentBytes?: number
  /** Uploads and attempts that broke off; what they had sent of unfinished blobs is unknown and not counted. */
  readonly brokenOff?: number
  /** Milliseconds since the run began. */
  readonly startedAt: number
  readonly milliseconds: number
  readonly problem?: Problem
  /** Set when the tag was put although the item failed: what it holds could not be read, or is something else. */
  readonly isTagged?: boolean
  /** The repository that this run created for it and that holds no tag yet. */
  readonly emptyRepository?: string
}

/** All that a run tells while it runs. Whoever shows it to people or machines is not the mirror's concern. */
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
