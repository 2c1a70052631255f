import type { LeafPath } from '../../../model/values/leaf-path.ts'
import type { ValuesTree } from '../../../model/values/values.ts'
import { isTextKind, type RenderedDocument } from '../../render/documents.ts'
import { coordinatesIn } from './coordinates.ts'
import { argoSourcePaths } from './fields.ts'
import { groupAndKind, objectsOf, fieldText } from './objects.ts'

/** A field from which a controller fetches charts, manifests or values. */
export interface SourceAddress {
  readonly path: LeafPath
  /** As it is rendered; it may contain a password from the caller's values. */
  readonly address: string
  /** A repository of charts, or another source. */
  readonly isOfCharts: boolean
}

/** Returns the addresses in a document, in each of its resources. */
export function sourceAddressesIn({ root }: Pick<RenderedDocument, 'root'>): SourceAddress[] {
  return objectsOf(root).flatMap(({ object, path }) => sourceAddressesOf(object, path))
}

/** Returns the addresses in one resource. */
export function sourceAddressesOf(object: ValuesTree, base: LeafPath): SourceAddress[] {
  return fieldsOf(object).flatMap(({ path, isOfCharts }) => {
    const address = fieldText(object, ...path)
    return address === '' ? [] : [{ path: [...base, ...path], address, isOfCharts }]
  })
}

type Field = Omit<SourceAddress, 'address'>

function fieldsOf(object: ValuesTree): Field[] {
  const kind = groupAndKind(object)
  switch (kind) {
    case 'argoproj.io Application':
    case 'argoproj.io ApplicationSet':
      return argoSourcePaths(object).map((path) => ({
        path: [...path, 'repoURL'],
        isOfCharts: fieldText(object, ...path, 'chart') !== '',
      }))
    case 'helm.cattle.io HelmChart':
      return [
        { path: ['spec', 'repo'], isOfCharts: true },
        ...(fieldText(object, 'spec', 'chart').includes('://')
          ? [{ path: ['spec', 'chart'], isOfCharts: true }]
          : []),
      ]
    case 'source.toolkit.fluxcd.io HelmRepository':
      return [{ path: ['spec', 'url'], isOfCharts: true }]
    case 'source.toolkit.fluxcd.io OCIRepository':
    case 'source.toolkit.fluxcd.io GitRepository':
      return [{ path: ['spec', 'url'], isOfCharts: false }]
    case 'source.toolkit.fluxcd.io Bucket':
      return [{ path: ['spec', 'endpoint'], isOfCharts: false }]
    default:
      return isOfController(kind) && !isTextKind(object['kind'])
        ? [...coordinatesIn(object, [])].map(({ path }) => ({ path, isOfCharts: true }))
        : []
  }
}

/** True for resources that are not Kubernetes' own. */
function isOfController(kind: string): boolean {
  const group = kind.slice(0, kind.indexOf(' '))
  return group.includes('.') && !/(?:^|\.)k8s\.io$/.test(group)
}
