import { ProblemError } from '../../model/problem.ts'
import {
  emptyTree,
  isTree,
  mergeValues,
  treeFrom,
  type ValuesNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import type { ChartFiles } from './chart.ts'
import { loadYaml } from './metadata.ts'

/** A chart with the key under which its parent's values configure it; the root has none. */
export interface ValuesScope {
  readonly chart: ChartFiles
  /** Keys from the root: aliases and subcharts of subcharts included. */
  readonly path: readonly string[]
}

/** The keys under which a chart's values hold those of one subchart: its aliases, else its name. */
function keysOf(chart: ChartFiles, sub: ChartFiles): string[] {
  const { name } = sub.metadata
  const declared = chart.metadata.dependencies.filter((dependency) => dependency.name === name)
  const keys = declared.map(({ alias }) => alias ?? name)
  return keys.length === 0 ? [name] : [...new Set(keys)]
}

/** Yields every chart of a tree once per alias, with its scope. */
export function* valuesScopes(
  chart: ChartFiles,
  path: readonly string[] = [],
): Generator<ValuesScope> {
  yield { chart, path }
  for (const sub of chart.subcharts) {
    for (const key of keysOf(chart, sub)) yield* valuesScopes(sub, [...path, key])
  }
}

/** Returns a chart's own values.yaml. Throws `ProblemError` when it is not a mapping. */
function ownValues({ files, metadata }: ChartFiles): ValuesTree {
  const text = files.get('values.yaml')?.toString('utf8') ?? ''
  const values = loadYaml(text, `${metadata.name}/values.yaml`) ?? emptyTree()
  if (isTree(values)) return values
  throw new ProblemError({
    kind: 'invalid-input',
    side: 'input',
    message: `values.yaml of chart "${metadata.name}" is not a mapping`,
  })
}

/**
 * Returns the values that a chart is rendered with: its own, those of its subcharts under their keys, and the given
 * values on top. A subchart's `global` defaults appear at the root, where every chart reads them and where users set
 * them.
 */
export function effectiveValues(chart: ChartFiles, given: ValuesTree): ValuesTree {
  const own = unwrapDefaults(ownValues(chart))
  let values = own
  let globals = emptyTree()
  for (const sub of chart.subcharts) {
    const defaults = effectiveValues(sub, emptyTree())
    const { global } = defaults
    if (isTree(global)) globals = mergeValues(globals, global)
    const rest = withoutKey(defaults, 'global')
    for (const key of keysOf(chart, sub)) {
      const over = values[key]
      values = withKey(values, key, isTree(over) ? mergeValues(rest, over) : rest)
    }
  }
  if (Object.keys(globals).length > 0) {
    const over = values['global']
    values = withKey(values, 'global', isTree(over) ? mergeValues(globals, over) : globals)
  }
  return mergeValues(values, given)
}

/**
 * istio's charts keep their defaults below `_internal_defaults_do_not_set` and move them up while rendering; users set
 * the same keys at the root. Source: manifests/charts of istio/istio, zzz_profile.yaml.
 */
function unwrapDefaults(values: ValuesTree): ValuesTree {
  const keys = Object.keys(values)
  const wrapper = keys.find((key) => key.startsWith('_internal_defaults'))
  const wrapped = wrapper === undefined ? undefined : values[wrapper]
  if (wrapper === undefined || !isTree(wrapped)) return values
  return mergeValues(wrapped, withoutKey(values, wrapper))
}

function withKey(tree: ValuesTree, key: string, node: ValuesNode): ValuesTree {
  return treeFrom([...Object.entries(tree), [key, node]])
}

function withoutKey(tree: ValuesTree, key: string): ValuesTree {
  return treeFrom(Object.entries(tree).filter(([other]) => other !== key))
}
