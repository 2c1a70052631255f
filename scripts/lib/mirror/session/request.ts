import type { Lock } from '../../model/manifest/lock.ts'
import type { Origin } from '../../model/origin.ts'
import type { Problem, Result } from '../../model/problem.ts'
import type { PlatformChoice } from '../../model/image/platform.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import { joinNames } from '../../tools/files/name.ts'
import type { ArchivedPolicy } from '../plan/decide-unreadable.ts'
import type { MissingPolicy } from '../sources/missing.ts'
import type { Placed } from '../plan/placement.ts'
import type { ExistingPolicy } from '../plan/plan.ts'
import type { RepositoryRequest } from '../target/settings.ts'
import type { SourceMirrors } from '../sources/routes.ts'

/** What a run has to do. Only values: all external access goes through its doors. */
export interface MirrorRequest {
  readonly registry: EcrRegistry
  readonly prefix: string
  /** The items that the target should have, each with its place. */
  readonly placed: readonly Placed[]
  /** Returns other items that may be present and from which layers can be mounted. Called only when needed. */
  readonly siblings: () => readonly Placed[]
  readonly lock: Lock
  readonly copying: CopySettings
  readonly repositories: RepositoryRequest
  /** The file that lists the items. */
  readonly origin: Origin
  /** Whether the command can exclude single items, for its advice. */
  readonly hasExclude?: boolean
  /** Let items that a source refuses fail individually, and process the rest. */
  readonly tolerant: boolean
}

/** Whether layers are mounted: `auto` asks ECR whether mounting is enabled, `on` tries without asking. */
export type MountPolicy = 'auto' | 'on' | 'off'

/** How images are copied into the target, from the flags of a command to the copies. */
export interface CopySettings {
  readonly existing: ExistingPolicy
  readonly platforms: PlatformChoice
  readonly mirrors: SourceMirrors
  readonly mount: MountPolicy
  readonly replaceImmutable: boolean
  /** What to do when a source does not have an item. */
  readonly onMissing: MissingPolicy
  /** What to do about images in ECR's archive. */
  readonly onArchived: ArchivedPolicy
  /** Concurrent copies. Default: determined automatically. */
  readonly concurrency: number | undefined
  /** Manifests per second that the target accepts. Default: no limit until ECR throttles, then its usual quota. */
  readonly putRate: number | undefined
  /** Milliseconds that one copy may take. Default: depends on its size. */
  readonly deadline: number | undefined
  /** Ask every source before anything is changed. */
  readonly check: boolean
  readonly stateFolder: string
}

/** The result after a preflight, or all problems that the preflight found, in which case nothing was changed. */
export type Preflighted<T> = Result<T, readonly Problem[]>

/** The problem of an interrupted item. */
export const interrupted: Problem = {
  kind: 'interrupted',
  side: 'local',
  message: 'interrupted before it was complete',
  next: 'rerun the same command; completed items are not copied again',
}

/** Returns the state folder of one target: runs to different registries or prefixes do not wait for each other. */
export function runFolder({
  registry,
  prefix,
  copying,
}: Pick<MirrorRequest, 'registry' | 'prefix' | 'copying'>): string {
  // No component of a prefix contains two underscores in a row.
  const name = prefix === '' ? registry.host : `${registry.host}_${prefix.replaceAll('/', '__')}`
  return joinNames(copying.stateFolder, name)
}
