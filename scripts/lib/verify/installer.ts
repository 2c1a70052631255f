import type { Problem } from '../model/problem.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../model/values/values.ts'
import type { Routes } from './routes.ts'

export interface InstallerOptions {
  readonly routes: Pick<Routes, 'addressOf' | 'versionOf'>
  /** Host of the private registry. */
  readonly registry: string
  /** The charts that are verified; those of the manifest that are not are left out. */
  readonly charts: readonly string[]
  /** The values are all that the installer gets, so a chart without a repository is at fault as well. */
  readonly isComplete: boolean
}

/**
 * Returns what an installer would do otherwise than was proven: charts that are not in the manifest, from elsewhere than
 * they are mirrored or in another version, of which nothing is known; and a login at another registry.
 */
export function installerFaults(values: ValuesTree, options: InstallerOptions): Problem[] {
  const { routes, registry, charts, isComplete } = options
  const entries = isTree(values['charts']) ? values['charts'] : undefined
  const strangers = Object.keys(entries ?? {})
    .filter((name) => routes.addressOf(name) === undefined)
    .map((name) =>
      fault(
        `chart "${name}" would be installed, but is not in the manifest`,
        'remove it from the values, or add it to the chart list and regenerate the manifest',
      ),
    )
  const places = charts.flatMap((name) => chartFaults(name, entries?.[name], routes, isComplete))
  const login = nodeAt(values, ['ecrAuth', 'registry'])
  const isElsewhere = typeof login === 'string' && login !== '' && login !== registry
  return [
    ...strangers,
    ...places,
    ...(isElsewhere
      ? [
          fault(
            `"ecrAuth.registry" is "${login}", so the installer would log in there instead of "${registry}"`,
            'remove that value, or regenerate the values',
          ),
        ]
      : []),
  ]
}

function chartFaults(
  name: string,
  entry: ValuesNode | undefined,
  { addressOf, versionOf }: InstallerOptions['routes'],
  isComplete: boolean,
): Problem[] {
  const [address, version] = [addressOf(name), versionOf(name)]
  if (address === undefined || version === undefined) return []
  const found = isTree(entry) ? entry : undefined
  const repository = found?.['repository']
  const installed = found?.['version']
  const isPlaced = repository === address || (repository === undefined && !isComplete)
  const isOther = installed !== undefined && bare(scalarText(installed)) !== bare(version)
  const place =
    repository === undefined ? 'the repository that the umbrella sets' : JSON.stringify(repository)
  return [
    ...(isPlaced
      ? []
      : [
          fault(
            `chart "${name}" would be pulled from ${place}, not from "${address}"`,
            'remove the value that sets its repository, or regenerate the values',
          ),
        ]),
    ...(isOther
      ? [
          fault(
            `chart "${name}" would be installed in version ${JSON.stringify(installed)}, but only "${version}" is mirrored and proven`,
            'remove the value that sets its version, or regenerate the manifest',
          ),
        ]
      : []),
  ]
}

function scalarText(value: ValuesNode): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Returns a version without a leading `v`, which helm ignores. */
function bare(version: string): string {
  return version.replace(/^v/, '')
}

function fault(message: string, next: string): Problem {
  return { kind: 'unproven', side: 'input', message, next }
}
