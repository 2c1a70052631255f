import type { CopyFlags } from '../../mirror/session/flags.ts'
import type { RepositoryFlags } from '../../mirror/target/flags.ts'
import type { LayoutName } from '../../model/image/layout.ts'
import type { Origin } from '../../model/origin.ts'
import type { Result } from '../../model/problem.ts'
import { defaultValuesFile, type InputFlags } from './input.ts'
import type { PreparedChart } from '../prepare/prepare.ts'
import type { ReleaseGroup } from '../prepare/release-group.ts'
import type { SecretFlags } from './secrets.ts'

/** The flags of `sync-addons`, as commander gives them. */
export interface SyncFlags extends InputFlags, SecretFlags, CopyFlags, RepositoryFlags {
  readonly latest?: boolean
  readonly scanOnly?: boolean
  readonly targetRegistry?: string
  readonly targetPrefix: string
  readonly region?: string
  readonly includeDependencies: boolean
  readonly excludeDependencies?: boolean
  readonly layout: LayoutName
  readonly chartOverrides?: string
  readonly kubeVersion?: string
  readonly apiVersions?: readonly string[]
  readonly out: string
  readonly output: 'text' | 'json'
  readonly allowUnproven?: boolean
  readonly verbose?: boolean
}

/** The file with values that a person gives for charts. */
export function overridesFileOf({ chartOverrides }: SyncFlags): string {
  return chartOverrides ?? 'chart-overrides.yaml'
}

/** The files in which the add-ons are named. */
export function originOfAddons({ values, catalog }: InputFlags): Origin {
  return { kind: 'addons', files: catalog ?? [values ?? defaultValuesFile] }
}

/** A chart that was prepared, or why not. */
export interface Attempted {
  readonly group: ReleaseGroup
  readonly result: Result<PreparedChart>
  readonly folder?: string
}
