import { isChartVersion, parseChartSource } from '../../model/chart/chart.ts'
import type { ListedChart } from '../../model/chart/chart-list.ts'
import { namespaceKind } from '../../model/names/kubernetes.ts'
import { describeTextFault, isOfKind } from '../../model/names/text-kind.ts'
import { failure, type Result, success, withAdvice } from '../../model/problem.ts'
import { emptyTree, isTree, type ValuesNode, type ValuesTree } from '../../model/values/values.ts'
import { listMessages } from '../located/faults.ts'

/** The variant with which the charts of an umbrella are rendered. */
export const umbrellaVariant = 'umbrella'

/**
 * Reads the `charts:` map of an umbrella chart's values: `{version, repository, values, namespace…}` by name. A chart
 * is rendered with its values there. Fails with every error at once.
 */
export function readUmbrellaCharts(values: ValuesTree, name: string): Result<ListedChart[]> {
  const charts = values['charts']
  if (!isTree(charts) || Object.keys(charts).length === 0) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `the values of "${name}" have no charts: map`,
      next: 'specify the umbrella chart itself, or relocate a single chart with relocate-chart.ts',
    })
  }
  const faults: string[] = []
  const listed = Object.entries(charts).flatMap(([key, entry]): ListedChart[] => {
    const read = readEntry(key, entry)
    if (typeof read !== 'string') return [read]
    faults.push(`${name}: charts.${key}: ${read}`)
    return []
  })
  if (faults.length === 0) return success(listed)
  return failure({ kind: 'invalid-input', side: 'input', message: listMessages(faults) })
}

function readEntry(name: string, entry: ValuesNode): ListedChart | string {
  if (!isTree(entry)) return 'it is not a mapping'
  const { version, repository, values = emptyTree(), namespace } = entry
  if (typeof version === 'number') {
    return `YAML reads the version ${version} as a number; quote it, for example "1.10"`
  }
  if (typeof version !== 'string' || !isChartVersion(version)) {
    return `${JSON.stringify(version)} is not a quoted chart version`
  }
  if (typeof repository !== 'string') return 'it has no repository'
  if (values !== null && !isTree(values)) return 'its values are not a mapping'
  if (namespace !== undefined && namespace !== null) {
    if (typeof namespace !== 'string') return 'its namespace is not a string'
    if (!isOfKind(namespaceKind, namespace)) return describeTextFault(namespaceKind, namespace)
  }
  const source = parseChartSource(name, repository)
  if (!source.ok) return withAdvice(source.problem)
  return {
    ...source.value,
    version,
    group: 'production',
    apiVersions: [],
    ...(typeof namespace === 'string' && { namespace }),
    variants: { [umbrellaVariant]: values ?? emptyTree() },
    runtime: [],
    decisions: [],
  }
}
