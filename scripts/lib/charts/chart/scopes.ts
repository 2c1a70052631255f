import { groupBy } from '../../model/collections.ts'
import type { ChartFiles } from './chart.ts'

/**
 * How often the charts of a tree are rendered: a subchart once for each alias, and its own subcharts as often again. A
 * few kilobytes of nested aliases can mean billions. Stops counting beyond the maximum.
 */
export function countScopes(chart: ChartFiles, maximum: number): number {
  const { dependencies } = chart.metadata
  if (dependencies.length > maximum) return dependencies.length
  const byName = groupBy(dependencies, ({ name }) => name)
  let count = 1
  for (const sub of chart.subcharts) {
    const declared = byName.get(sub.metadata.name) ?? []
    const aliases = new Set(declared.map(({ alias, name }) => alias ?? name))
    count += Math.max(1, aliases.size) * countScopes(sub, maximum)
    if (count > maximum) return count
  }
  return count
}
