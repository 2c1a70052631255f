import { showAddress } from '../../model/internet/url.ts'
import type { ChartDependency } from '../chart/metadata.ts'
import type { ChartFiles } from '../chart/chart.ts'

/**
 * Renders the dependency graph of a chart as a tree: declared dependencies, their aliases and conditions, and the
 * versions present.
 */
export function renderGraph(chart: ChartFiles): string[] {
  const { name, version } = chart.metadata
  return [`${name} ${version}`, ...branches(chart, '')]
}

function branches(chart: ChartFiles, margin: string): string[] {
  const { dependencies } = chart.metadata
  const declared = dependencies.map((dependency) => ({
    text: describe(dependency, chart.subcharts),
    sub: chart.subcharts.find(({ metadata }) => metadata.name === dependency.name),
  }))
  const names = new Set(dependencies.map(({ name }) => name))
  const others = chart.subcharts
    .filter(({ metadata }) => !names.has(metadata.name))
    .map((sub) => ({ text: `${sub.metadata.name} ${sub.metadata.version}`, sub }))
  const all = [...declared, ...others]
  return all.flatMap(({ text, sub }, index) => {
    const isLast = index === all.length - 1
    const below = sub === undefined ? [] : branches(sub, `${margin}${isLast ? '   ' : '│  '}`)
    return [`${margin}${isLast ? '└─ ' : '├─ '}${text}`, ...below]
  })
}

function describe(
  { name, version, repository, alias, condition }: ChartDependency,
  subcharts: readonly ChartFiles[],
): string {
  const there = subcharts.find(({ metadata }) => metadata.name === name)?.metadata.version
  const notes = [
    ...(there === version ? [] : [`requires ${version}`]),
    ...(alias === undefined ? [] : [`as ${alias}`]),
    ...(condition === undefined ? [] : [`if ${condition}`]),
    ...(repository === '' ? [] : [`from ${showAddress(repository)}`]),
  ]
  return `${name} ${there ?? 'MISSING'}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}
