import { satisfies } from 'semver'
import { groupBy } from '../../model/collections.ts'
import type { ChartFiles } from './chart.ts'
import type { ChartDependency } from './metadata.ts'

/**
 * Returns the name that two subcharts of a chart share although its dependencies do not tell them apart. helm keeps
 * subcharts in a map and takes either, another one for each render (seen with helm 4.2.4).
 *
 * @param isSame tells whether two charts have the same files, so that it does not matter which one is taken
 */
export function findTwins(
  dependencies: readonly ChartDependency[],
  subcharts: readonly ChartFiles[],
  isSame: (a: ChartFiles, b: ChartFiles) => boolean,
): string | undefined {
  const groups = [...groupBy(subcharts, ({ metadata }) => metadata.name)]
  return groups.find(([name, twins]) => {
    const [first, ...others] = twins
    if (first === undefined || others.every((other) => isSame(first, other))) return false
    const declared = dependencies.filter((dependency) => dependency.name === name)
    return !areToldApart(declared, twins)
  })?.[0]
}

/** True when each subchart is the only one that a dependency fits, and the only one that fits it. */
function areToldApart(declared: readonly ChartDependency[], twins: readonly ChartFiles[]): boolean {
  const names = new Set(declared.map(({ name, alias = name }) => alias))
  return (
    names.size === declared.length &&
    declared.every((dependency) => twins.filter((twin) => fits(dependency, twin)).length === 1) &&
    twins.every((twin) => declared.some((dependency) => fits(dependency, twin)))
  )
}

function fits({ version }: ChartDependency, { metadata }: ChartFiles): boolean {
  return version === metadata.version || satisfies(metadata.version, version)
}
