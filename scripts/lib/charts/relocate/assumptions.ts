import { actionsOf } from '../chart/actions.ts'
import { walkCharts } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'

/** Facts that templates query and that a local render can only assume. */
export interface Assumptions {
  /** Templates may ask whether the release is upgraded: anything about it but its name and namespace. */
  readonly isUpgrade: boolean
  /** Files that read the release revision, by path. */
  readonly revision: readonly string[]
  /** Files that query the cluster (`lookup`), by path. */
  readonly lookup: readonly string[]
  /** Templates ask for the version of the cluster. */
  readonly asksVersion: boolean
  /** The APIs that templates ask for. */
  readonly apis: readonly string[]
}

const otherRelease = /\bRelease\b(?!\s*\.\s*(?:Name|Namespace|Service)\b)/
const revision = /\bRevision\b/
const lookup = /(?<![.$\w"-])lookup(?![\w":-])/

const clusterVersion = /\bKubeVersion\b/
const apiQuestion = /\bAPIVersions\b[^"`]*?\bHas\b[^"`]*(?:"([^"]{1,200})"|`([^`]{1,200})`)/g

/** Maximum of APIs that are passed to helm at once. */
const maximumApis = 100

/** Searches every file of a chart and its subcharts, because values may contain templates as well. */
export function findAssumptions(root: ChartFiles): Assumptions {
  const found = {
    isUpgrade: false,
    asksVersion: false,
    revision: [] as string[],
    lookup: [] as string[],
  }
  const apis = new Set<string>()
  for (const { chart, folder } of walkCharts(root)) {
    for (const [path, content] of chart.files) {
      for (const action of actionsOf(content.toString('latin1'))) {
        if (otherRelease.test(action)) found.isUpgrade = true
        if (revision.test(action)) found.revision.push(folder + path)
        if (lookup.test(action)) found.lookup.push(folder + path)
        if (clusterVersion.test(action)) found.asksVersion = true
        for (const [, quoted, raw = ''] of action.matchAll(apiQuestion)) apis.add(quoted ?? raw)
      }
    }
  }
  return {
    ...found,
    revision: distinct(found.revision),
    lookup: distinct(found.lookup),
    // Only what helm reads as an API: a group with its version, or with a kind.
    apis: [...apis].filter((api) => /^[\w.-]+(?:\/[\w.-]+){0,2}$/.test(api)).slice(0, maximumApis),
  }
}

function distinct(paths: readonly string[]): string[] {
  return [...new Set(paths)].toSorted()
}

/**
 * Describes what a proof does not cover.
 *
 * @param assumed Kubernetes versions that were assumed, not given
 */
export function describeAssumptions(
  { revision: numbered, lookup: asking, asksVersion }: Assumptions,
  assumed: readonly string[] = [],
): string[] {
  return [
    ...(asksVersion && assumed.length > 0
      ? [`its templates ask for the cluster's version; Kubernetes ${assumed.join(', ')} is assumed`]
      : []),
    ...(asking.length > 0
      ? [`output that depends on the cluster (lookup) is not proven: ${asking.join(', ')}`]
      : []),
    ...(numbered.length > 0
      ? [
          `output that depends on the release revision is proven for the first revision only: ${numbered.join(', ')}`,
        ]
      : []),
  ]
}
