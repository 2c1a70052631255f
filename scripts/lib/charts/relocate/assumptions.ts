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
}

const otherRelease = /\bRelease\b(?!\s*\.\s*(?:Name|Namespace|Service)\b)/
const revision = /\bRevision\b/
const lookup = /(?<![.$\w"-])lookup(?![\w":-])/

/** Searches every file of a chart and its subcharts, because values may contain templates as well. */
export function findAssumptions(root: ChartFiles): Assumptions {
  const found = { isUpgrade: false, revision: [] as string[], lookup: [] as string[] }
  for (const { chart, folder } of walkCharts(root)) {
    for (const [path, content] of chart.files) {
      for (const action of actionsOf(content.toString('latin1'))) {
        if (otherRelease.test(action)) found.isUpgrade = true
        if (revision.test(action)) found.revision.push(folder + path)
        if (lookup.test(action)) found.lookup.push(folder + path)
      }
    }
  }
  return { ...found, revision: distinct(found.revision), lookup: distinct(found.lookup) }
}

function distinct(paths: readonly string[]): string[] {
  return [...new Set(paths)].toSorted()
}

/** Describes what a proof does not cover. */
export function describeAssumptions({ revision: numbered, lookup: asking }: Assumptions): string[] {
  return [
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
