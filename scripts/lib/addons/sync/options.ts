import type { SyncFlags } from '../../commands/sync-addons.ts'
import type { Origin } from '../../model/origin.ts'
import type { Result } from '../../model/problem.ts'
import { defaultValuesFile } from './input.ts'
import type { PreparedChart } from '../prepare/prepare.ts'
import type { ReleaseGroup } from '../prepare/release-group.ts'

/** The file with values that a person gives for charts. */
export function overridesFileOf({ chartOverrides }: SyncFlags): string {
  return chartOverrides ?? 'chart-overrides.yaml'
}

/** The files in which the add-ons are named. */
export function originOfAddons({ values, catalog }: Pick<SyncFlags, 'values' | 'catalog'>): Origin {
  return { kind: 'addons', files: catalog ?? [values ?? defaultValuesFile] }
}

/** A chart that was prepared, or why not. */
export interface Attempted {
  readonly group: ReleaseGroup
  readonly result: Result<PreparedChart>
  readonly folder?: string
}
