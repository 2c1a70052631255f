import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { NamedChart } from './named.ts'
import { fieldText } from './objects.ts'

const addressKeys = ['repoURL', 'repoUrl', 'repositoryURL', 'repository', 'repo', 'url'] as const
const versionKeys = ['version', 'targetRevision', 'chartVersion'] as const

/** An address from which a controller can fetch. */
const address = /^(?:https?|oci|git|ssh):\/\//

/** Keys of a map that describes a chart. */
const chartKeys: ReadonlySet<unknown> = new Set(['chart', 'helmChart'])

/** Returns where a map has an address, itself or in a map of its own: `repository.url`. */
function addressIn(node: ValuesTree): LeafPath | undefined {
  const paths = addressKeys.flatMap((key) => [[key], [key, 'url']])
  return paths.find((path) => address.test(fieldText(node, ...path)))
}

/**
 * Yields the coordinates of charts in resources of other controllers (Crossplane, Cluster API, Fleet, Sveltos, Carvel and
 * others): a map with the address of a repository, and the name of a chart beside or above the address.
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
    chartKeys.has(path.at(-1)) || Object.hasOwn(node, 'chart') || Object.hasOwn(node, 'chartName')
  const place = isChart ? addressIn(node) : undefined
  if (place !== undefined) {
    const version = versionKeys.map((one) => fieldText(node, one)).find(Boolean) ?? ''
    yield {
      chart: named,
      version,
      repository: fieldText(node, ...place),
      path: [...path, ...place],
    }
  }
  for (const [name, child] of Object.entries(node)) yield* coordinatesIn(child, [...path, name])
}
