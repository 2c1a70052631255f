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

/** What a run is to do. Values alone: what it touches the world with are its doors. */
export interface MirrorRequest {
  readonly registry: EcrRegistry
  readonly prefix: string
  /** What is to be in the target, each at its place. */
  readonly placed: readonly Placed[]
  /** What else may be there, from which layers can be taken over; asked for only then. */
  readonly siblings: () => readonly Placed[]
  readonly lock: Lock
  readonly copying: CopySettings
  readonly repositories: RepositoryRequest
  /** Where what is mirrored is named. */
  readonly origin: Origin
  /** Whether the command can leave out single items, for the advice that it gives. */
  readonly hasExclude?: boolean
  /** Let what a source refuses fail by itself, and carry out the rest. */
  readonly tolerant: boolean
}

/** Whether layers are mounted: `auto` asks ECR whether it lets them, `on` tries without asking. */
export type MountPolicy = 'auto' | 'on' | 'off'

/** How images get into the target, from the flags of a command to the copies. */
export interface CopySettings {
  readonly existing: ExistingPolicy
  readonly platforms: PlatformChoice
  readonly mirrors: SourceMirrors
  readonly mount: MountPolicy
  readonly replaceImmutable: boolean
  /** What to do when a source does not have an item. */
  readonly onMissing: MissingPolicy
  /** What to do about images that are in ECR's archive. */
  readonly onArchived: ArchivedPolicy
  /** Copies at a time; left out, the run finds its own pace. */
  readonly concurrency: number | undefined
  /** Manifests a second that the target admits; left out, its usual quota once it has refused one. */
  readonly putRate: number | undefined
  /** Milliseconds that one copy may take; by default that follows from its size. */
  readonly deadline: number | undefined
  /** Ask every source before anything is changed. */
  readonly check: boolean
  readonly stateFolder: string
}

/** What a preflight has led to, or all the problems that it has found. Those leave everything as it was. */
export type Preflighted<T> = Result<T, readonly Problem[]>

/** The problem of what an interruption has cut short. */
export const interrupted: Problem = {
  kind: 'interrupted',
  side: 'local',
  message: 'interrupted before it was finished',
  next: 'run the same command again; what is finished is not copied twice',
}

/** The state of one target: runs to different registries or prefixes do not wait for each other. */
export function runFolder({
  registry,
  prefix,
  copying,
}: Pick<MirrorRequest, 'registry' | 'prefix' | 'copying'>): string {
  const name = prefix === '' ? registry.host : `${registry.host}_${prefix.replaceAll('/', '_')}`
  return joinNames(copying.stateFolder, name)
}
