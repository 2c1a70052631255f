import type { ChartQuery } from '../charts/fetch/locate.ts'
import type { SearchState } from '../charts/relocate/job.ts'
import type { Operator } from '../model/chart/operator.ts'
import type { LayoutName, Target } from '../model/image/layout.ts'
import type { LeafPath } from '../model/values/leaf-path.ts'
import type { Session } from '../session/session.ts'
import type { Clock } from '../tools/pacing/clock.ts'
import type { GivenValues } from '../values/given.ts'

/** What to relocate, and how. Only values: all external access goes through the doors. */
export interface RelocateRequest {
  readonly query: ChartQuery
  /** Values with which the chart has to work, each with a name. The relocation is valid for all of them. */
  readonly variants: readonly { readonly name: string; readonly given: GivenValues }[]
  readonly target: Target
  readonly layout: LayoutName
  readonly settings: {
    readonly kubeVersion: string
    readonly apiVersions: readonly string[]
    /** Default: the chart's name. */
    readonly release?: string
    readonly namespace: string
  }
  /** Which of these are defaults, because the user's cluster is not known. */
  readonly assumes: { readonly kubeVersion: boolean; readonly apiVersions: boolean }
  /** The user's decisions about text that may be a reference. */
  readonly decisions: { readonly mirror: readonly string[]; readonly ignore: readonly string[] }
  /** Ask registries which of two readings of a text exists. */
  readonly asksRegistries?: boolean
  /** What is known of operators; nothing by default. */
  readonly operators?: readonly Operator[]
  /** Operating systems of the nodes. */
  readonly nodeOs?: readonly string[]
  /** Also relocate the charts that controllers install. */
  readonly nested?: boolean
  /** Folder for a patched chart. */
  readonly repack?: string
  /** Folder for a post-renderer. */
  readonly postRenderer?: string
}

/** What a relocation reports while it runs. */
export type RelocateEvent =
  /** Texts that can be read in several ways, and what registries decided about them. */
  | {
      readonly kind: 'registries-asked'
      readonly groups: number
      readonly mirror: readonly string[]
      readonly ignore: readonly string[]
    }
  | { readonly kind: 'searched'; readonly state: SearchState }
  | {
      readonly kind: 'post-renderer-written'
      readonly references: number
      /** Together with the values. */
      readonly isProven: boolean
    }
  | {
      readonly kind: 'repacked'
      readonly archive: string
      /** Changed files. */
      readonly changes: readonly string[]
      readonly isProven: boolean
    }
  /** A list of the user's values that the patched chart must not contain. */
  | { readonly kind: 'list-left-out'; readonly path: LeafPath }

/** All external interfaces of a relocation. Tests replace them with fakes that throw on unexpected calls. */
export interface RelocateDoors extends Session {
  readonly clock: Clock
  readonly notify: (event: RelocateEvent) => void
}
