import { type ListedChart, type ListedImage } from '../model/chart/chart-list.ts'
import { isOciRepository } from '../model/chart/chart.ts'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import type { ValuesTree } from '../model/values/values.ts'
import { readUmbrellaCharts, umbrellaVariant } from '../sources/values/umbrella-values.ts'
import { type Acquirer, type LocalChart } from '../charts/fetch/acquire.ts'
import { effectiveValues } from '../charts/chart/values.ts'
import { relativeVersion } from '../charts/fetch/index-file.ts'

/** An umbrella chart as a chart list, and as a chart with its own images. */
export interface Umbrella {
  readonly charts: readonly ListedChart[]
  readonly own: ListedChart
  readonly local: LocalChart
}

/**
 * Reads an umbrella chart with the values that it is installed with. What was declared by hand for charts of the same
 * names (runtime images, decisions, groups) comes from a chart list.
 *
 * @param kubeVersion of the target cluster, if known
 */
export function readUmbrella(
  local: LocalChart,
  given: ValuesTree,
  declared: readonly ListedChart[],
  kubeVersion?: string,
): Result<Umbrella> {
  const { metadata } = local.chart
  const isList = [
    ...metadata.dependencies.map(({ name, alias = name }) => alias),
    ...local.chart.subcharts.map((sub) => sub.metadata.name),
  ].includes('charts')
  if (isList) return failure(listIsSubchart(metadata.name))
  const importing = metadata.dependencies.find(({ importsValues }) => importsValues)
  if (importing !== undefined) return failure(importsValuesOf(importing.name, metadata.name))
  const values = effectiveValues(local.chart, given)
  const listed = readUmbrellaCharts(values, metadata.name)
  if (!listed.ok) return listed
  const ofCluster = kubeVersion === undefined ? {} : { kubeVersion }
  const charts = listed.value.map((chart) => {
    const known = declared.find(({ name }) => name === chart.name)
    if (known === undefined) return { ...chart, ...ofCluster }
    const { group, runtime, decisions, apiVersions, nodeOs, kubeVersion: listedVersion } = known
    const adopted = { ...chart, group, runtime, decisions, apiVersions }
    return {
      ...adopted,
      ...(nodeOs !== undefined && { nodeOs }),
      ...(listedVersion !== undefined && { kubeVersion: listedVersion }),
      ...ofCluster,
      // The published spelling of the same version applies to the umbrella as well.
      ...(known.version === chart.version &&
        known.published !== undefined && { published: known.published }),
    }
  })
  return success({
    charts,
    own: {
      name: metadata.name,
      version: metadata.version,
      // Never contacted: the umbrella is local.
      repository: 'https://localhost',
      group: 'production',
      apiVersions: [],
      ...ofCluster,
      variants: { [umbrellaVariant]: given },
      runtime: [] satisfies ListedImage[],
      decisions: [],
    },
    local,
  })
}

/** helm puts the values of a subchart together by rules of its own, with nulls that remove nothing. */
function listIsSubchart(umbrella: string): Problem {
  return {
    kind: 'invalid-input',
    side: 'input',
    message: `umbrella chart "${umbrella}" has a dependency named "charts", whose values would be its list of charts`,
    next: 'give the dependency another alias',
  }
}

/** Which charts an umbrella installs would depend on values of its subcharts, which helm alone puts together. */
function importsValuesOf(dependency: string, umbrella: string): Problem {
  return {
    kind: 'invalid-input',
    side: 'input',
    message: `umbrella chart "${umbrella}" imports values of its dependency "${dependency}" (import-values), and charts may be among them`,
    next: 'remove import-values from its Chart.yaml, and set these values in its own values.yaml',
  }
}

/** Determines the version under which an index publishes a chart, if it differs from the pinned one by its `v`. */
export async function resolvePublished(
  chart: ListedChart,
  acquirer: Acquirer,
): Promise<Result<ListedChart>> {
  if (chart.published !== undefined || isOciRepository(chart.repository)) return success(chart)
  const index = await acquirer.index(chart.repository)
  if (!index.ok) return index
  const entries = index.value.versionsOf(chart.name)
  if (entries.some(({ version }) => version === chart.version)) return success(chart)
  const published = relativeVersion(entries, chart.version)
  return success(published === undefined ? chart : { ...chart, published })
}
