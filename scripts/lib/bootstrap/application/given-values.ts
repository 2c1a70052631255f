import type { ChartFiles } from '../../charts/chart/chart.ts'
import { unwrap } from '../../model/problem.ts'
import { partitionIdOf } from '../../model/image/registry.ts'
import {
  isTree,
  treeFrom,
  treeOf,
  type ValuesNode,
  type ValuesTree,
} from '../../model/values/values.ts'
import { readValuesText } from '../../sources/values/values-file.ts'
import type { Deployment } from './exports.ts'

const eksFile = 'valuesEks.yaml'

/** Reads the umbrella chart's own values for EKS. Throws `ProblemError` when they are not a mapping. */
export function readEksValues({ files }: ChartFiles): ValuesTree {
  return unwrap(readValuesText(eksFile, files.get(eksFile)?.toString('utf8') ?? ''))
}

/** Returns the values that depend on this run. */
export function runtimeValues(
  { snapshotRole }: Pick<Deployment, 'snapshotRole'>,
  {
    stage,
    region,
    account,
  }: { readonly stage: string; readonly region: string; readonly account: string },
): ValuesTree {
  return treeOf({
    stageName: stage,
    aws: { region, account },
    defaultBucketConfiguration: { snapshotRoleArn: snapshotRole },
  })
}

/**
 * Returns the same values without those that differ between accounts: a manifest made with them is valid for all
 * accounts of the region and can be committed.
 */
export function anyAccountValues(region: string): ValuesTree {
  const account = '000000000000'
  const partition = partitionIdOf(region)
  const snapshotRole = `arn:${partition}:iam::${account}:role/snapshot`
  return runtimeValues({ snapshotRole }, { stage: 'any', region, account })
}

/**
 * Returns the values without those that already point charts to the registry, such as values generated earlier: charts
 * to mirror have to be read from their publishers.
 */
export function withoutRegistry(values: ValuesTree, host: string): ValuesTree {
  const { charts } = values
  if (!isTree(charts)) return values
  const leads = (text: string) =>
    text.includes(host) || /^(?:[\w./-]+\/)?mirrored\/[\w.-]+\//.test(text)
  return treeFrom([...Object.entries(values), ['charts', prune(charts, leads)]])
}

function prune(tree: ValuesTree, isUnwanted: (text: string) => boolean): ValuesTree {
  const kept = Object.entries(tree).flatMap(([key, node]): [string, ValuesNode][] => {
    if (typeof node === 'string' && isUnwanted(node)) return []
    // helm replaces lists as a whole, so a list with a private item is removed as a whole.
    if (Array.isArray(node) && JSON.stringify(node).split('"').some(isUnwanted)) return []
    return [[key, isTree(node) ? prune(node, isUnwanted) : node]]
  })
  return treeFrom(kept)
}
