import type { SyncFlags } from '../../commands/sync-addons.ts'
import type { Origin } from '../../model/origin.ts'
import type { Result } from '../../model/problem.ts'
import { defaultValuesFile } from './input.ts'
import type { PreparedChart } from '../prepare/prepare.ts'
import type { ReleaseGroup } from '../prepare/release-group.ts'

/** Returns the file with the user's values for charts. */
export function overridesFileOf({ chartOverrides }: SyncFlags): string {
  return chartOverrides ?? 'chart-overrides.yaml'
}

/** Returns the files that name the add-ons. */
export function originOfAddons({ values, catalog }: Pick<SyncFlags, 'values' | 'catalog'>): Origin {
  return { kind: 'addons', files: catalog ?? [values ?? defaultValuesFile] }
}

/** A prepared chart, or the problem that prevented it. */
export interface Attempted {
  readonly group: ReleaseGroup
  readonly result: Result<PreparedChart>
  readonly folder?: string
}
