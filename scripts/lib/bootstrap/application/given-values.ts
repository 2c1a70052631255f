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

/** Reads the values for EKS that the umbrella chart brings along. Throws `ProblemError` when they are no mapping. */
export function readEksValues({ files }: ChartFiles): ValuesTree {
  return unwrap(readValuesText(eksFile, files.get(eksFile)?.toString('utf8') ?? ''))
}

/** What only this run knows of the installation. */
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
 * The same, without what differs from one account to another: a manifest made with them is good for all accounts of the
 * region, and can be committed.
 */
export function anyAccountValues(region: string): ValuesTree {
  const account = '000000000000'
  const partition = partitionIdOf(region)
  const snapshotRole = `arn:${partition}:iam::${account}:role/snapshot`
  return runtimeValues({ snapshotRole }, { stage: 'any', region, account })
}

/**
 * The values without what leads charts into the registry already, as values that were generated earlier do: what is
 * mirrored has to be read from where it is published.
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
    // helm replaces lists as a whole, so one with a private item in it goes as a whole.
    if (Array.isArray(node) && JSON.stringify(node).split('"').some(isUnwanted)) return []
    return [[key, isTree(node) ? prune(node, isUnwanted) : node]]
  })
  return treeFrom(kept)
}
