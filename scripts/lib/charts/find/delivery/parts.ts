import type { ReferenceClass } from '../../../model/chart/relocation.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { Composed } from '../composed.ts'
import type { Named } from '../composed-names.ts'
import { sourceAddressesOf } from './addresses.ts'
import { imageChangesOf } from './images.ts'
import { groupAndKind } from './objects.ts'

/** An image that takes the place of another one. */
interface DeliveredSite extends Omit<Composed, 'isSure'> {
  readonly class: ReferenceClass
}

/** The parts of a resource with a meaning of their own, because a controller installs something from it. */
export interface DeliveredParts {
  readonly sites: readonly DeliveredSite[]
  /** Names and values, of which several may spell one image. */
  readonly named: readonly Named[]
  /** True for a node that has been read, or that is the address of a chart and no image. */
  readonly isRead: (node: ValuesNode, path: LeafPath) => boolean
}

/** Reads these parts. Returns undefined for resources that have none. */
export function deliveredParts(object: ValuesTree, path: LeafPath): DeliveredParts | undefined {
  const lists = imageChangesOf(object, path)
  const addresses = sourceAddressesOf(object, path)
  const named = setNames(object, path)
  if (lists.length + addresses.length + named.length === 0) return undefined
  const read = new Set(lists.map(({ list }) => list))
  const places = new Set(addresses.map((one) => JSON.stringify(one.path)))
  return {
    sites: lists.flatMap(({ changes }) =>
      changes.flatMap((change): DeliveredSite[] => {
        if (change.kind !== 'replaced') return []
        const { isSure, ...image } = change.image
        return [{ ...image, class: isSure ? 'certain' : 'potential' }]
      }),
    ),
    named,
    isRead: (node, place) =>
      read.has(node) ||
      (typeof node === 'string' && places.size > 0 && places.has(JSON.stringify(place))),
  }
}

/** Returns the values that a chart of k3s sets by their names, as with helm's --set. */
function setNames(object: ValuesTree, path: LeafPath): Named[] {
  if (groupAndKind(object) !== 'helm.cattle.io HelmChart') return []
  const set = nodeAt(object, ['spec', 'set'])
  if (!isTree(set)) return []
  return Object.entries(set).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [{ name, value, path: [...path, 'spec', 'set', name], start: 0, end: value.length }]
      : [],
  )
}

/** True for the parameters of a chart that Argo CD installs: names and values, like variables. */
export function isParameterList(path: LeafPath): boolean {
  return path.at(-1) === 'parameters' && path.at(-2) === 'helm'
}
