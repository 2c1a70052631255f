import type { Problem } from '../model/problem.ts'
import { nodeAt, type ValuesTree } from '../model/values/values.ts'
import type { Routes } from './routes.ts'

/**
 * Returns a problem for each chart that an installer would pull from elsewhere than from where it is mirrored: nothing
 * is known of the chart that is there.
 *
 * @param isComplete the values are all that the installer gets, so a chart without a repository is at fault as well
 */
export function misplacedCharts(
  values: ValuesTree,
  charts: readonly string[],
  { addressOf }: Pick<Routes, 'addressOf'>,
  isComplete: boolean,
): Problem[] {
  return charts.flatMap((name): Problem[] => {
    const found = nodeAt(values, ['charts', name, 'repository'])
    const expected = addressOf(name)
    if (expected === undefined || found === expected || (found === undefined && !isComplete))
      return []
    const place =
      found === undefined ? 'the repository that the umbrella sets' : JSON.stringify(found)
    return [
      {
        kind: 'unproven',
        side: 'input',
        message: `chart "${name}" would be pulled from ${place}, not from "${expected}"`,
        next: 'remove the value that sets its repository, or regenerate the values',
      },
    ]
  })
}
