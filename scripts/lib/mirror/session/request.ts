import type { Content } from '../../model/image/content.ts'
import type { Notify } from '../../model/events.ts'
import type { Lock } from '../../model/manifest/lock.ts'
import type { Origin } from '../../model/origin.ts'
import type { PlatformChoice } from '../../model/image/platform.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import { joinNames } from '../../tools/files/name.ts'
import type { ArchivedPolicy } from '../plan/unreadable.ts'
import type { MissingPolicy } from '../sources/missing.ts'
import type { MountPolicy } from '../layers/mount.ts'
import type { Placed } from '../plan/placement.ts'
import type { ExistingPolicy } from '../plan/plan.ts'
import type { Report } from '../report/report.ts'
import type { RepositoryRequest } from '../target/settings.ts'
import type { SourceMirrors } from '../sources/routes.ts'

/** What a run is to do, and how. */
export interface MirrorOptions {
  readonly registry: EcrRegistry
  readonly prefix: string
  /** What is to be in the target, each at its place. */
  readonly placed: readonly Placed[]
  /** What else may be there, from which layers can be taken over; asked for only then. */
  readonly siblings: () => readonly Placed[]
  readonly lock: Lock
  readonly existing: ExistingPolicy
  readonly repositories: RepositoryRequest
  /** Copies at a time; left out, the run finds its own pace. */
  readonly concurrency: number | undefined
  readonly platforms: PlatformChoice
  readonly mount: MountPolicy
  readonly mirrors: SourceMirrors
  /** Where what is mirrored is named. */
  readonly origin: Origin
  readonly replaceImmutable: boolean
  /** What to do when a source does not have an item. */
  readonly onMissing: MissingPolicy
  /** What to do about images that are in ECR's archive. */
  readonly onArchived: ArchivedPolicy
  /** Whether the command can leave out single items, for the advice that it gives. */
  readonly hasExclude?: boolean
  /** Manifests a second that the target admits, where that is known. */
  readonly putRate: number | undefined
  /** Milliseconds that one copy may take; by default that follows from its size. */
  readonly deadline: number | undefined
  /** Let what a source refuses fail by itself, and carry out the rest. */
  readonly tolerant: boolean
  /** Ask every source before anything is changed. */
  readonly check: boolean
  readonly stateFolder: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly notify: Notify
}

/** What a run came to, and what it learned of the images that it copied. */
export interface Mirrored {
  readonly report: Report
  readonly learned: ReadonlyMap<string, Content>
}

/** The state of one target: runs to different registries or prefixes do not wait for each other. */
export function runFolder({ registry, prefix, stateFolder }: MirrorOptions): string {
  const name = prefix === '' ? registry.host : `${registry.host}_${prefix.replaceAll('/', '_')}`
  return joinNames(stateFolder, name)
}
