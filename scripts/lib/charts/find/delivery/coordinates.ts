import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, type ValuesNode } from '../../../model/values/values.ts'
import type { NamedChart } from './named.ts'
import { fieldText } from './objects.ts'

const addressKeys = ['repoURL', 'repoUrl', 'repository', 'repo', 'url'] as const
const versionKeys = ['version', 'targetRevision', 'chartVersion'] as const

/** An address from which a controller can fetch. */
const address = /^(?:https?|oci|git|ssh):\/\//

/**
 * Yields the coordinates of charts in resources of other controllers (Crossplane, Cluster API, Fleet and others): a map
 * with the address of a repository, and the name of a chart beside or above the address.
 */
export function* coordinatesIn(
  node: ValuesNode | undefined,
  path: LeafPath,
): Generator<NamedChart> {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* coordinatesIn(item, [...path, index])
  }
  if (!isTree(node)) return
  const named =
    ['chart', 'chartName', 'name'].map((key) => fieldText(node, key)).find(Boolean) ?? ''
  const isChart =
    path.at(-1) === 'chart' || Object.hasOwn(node, 'chart') || Object.hasOwn(node, 'chartName')
  const key = addressKeys.find((one) => address.test(fieldText(node, one)))
  if (isChart && key !== undefined) {
    const version = versionKeys.map((one) => fieldText(node, one)).find(Boolean) ?? ''
    yield { chart: named, version, repository: fieldText(node, key), path: [...path, key] }
  }
  for (const [name, child] of Object.entries(node)) yield* coordinatesIn(child, [...path, name])
}
