import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import type { Piece } from '../composed.ts'
import { groupAndKind, objectsOf } from './objects.ts'

/** True for a place in what an object passes on to charts and folders that a controller installs. */
export function isDelivered(
  { root }: Pick<RenderedDocument, 'root'>,
  [piece]: readonly Piece[],
): boolean {
  if (piece === undefined || !isTree(root)) return false
  const fields = deliveredFields.get(root) ?? findFields(root)
  deliveredFields.set(root, fields)
  if (fields.size === 0) return false
  const { path } = piece
  return path.some((_, index) => fields.has(fieldKey(path.slice(0, index + 1))))
}

/** The fields of each document, found once: a document may be a list of thousands of objects. */
const deliveredFields = new WeakMap<ValuesTree, ReadonlySet<string>>()

function findFields(root: ValuesTree): ReadonlySet<string> {
  return new Set(
    objectsOf(root).flatMap(({ object, path: base }) =>
      fieldsOf(object).map((field) => fieldKey([...base, ...field])),
    ),
  )
}

function fieldKey(path: LeafPath): string {
  return JSON.stringify(path)
}

const fluxFields: ReadonlyMap<string, readonly LeafPath[]> = new Map([
  [
    'helm.toolkit.fluxcd.io HelmRelease',
    [
      ['spec', 'values'],
      ['spec', 'postRenderers'],
    ],
  ],
  ['kustomize.toolkit.fluxcd.io Kustomization', [['spec', 'images']]],
])

const k3sFields: readonly LeafPath[] = [
  ['spec', 'valuesContent'],
  ['spec', 'set'],
]

function fieldsOf(object: ValuesTree): readonly LeafPath[] {
  const kind = groupAndKind(object)
  if (kind.startsWith('helm.cattle.io HelmChart')) return k3sFields
  const flux = fluxFields.get(kind)
  if (flux !== undefined) return flux
  return argoSourcePaths(object).flatMap((path) => [
    [...path, 'helm'],
    [...path, 'kustomize'],
  ])
}

const argoSpecs: ReadonlyMap<string, LeafPath> = new Map([
  ['argoproj.io Application', ['spec']],
  ['argoproj.io ApplicationSet', ['spec', 'template', 'spec']],
])

/** Returns where an Argo CD application has its sources; none for other resources. */
export function argoSourcePaths(object: ValuesTree): LeafPath[] {
  const spec = argoSpecs.get(groupAndKind(object))
  if (spec === undefined) return []
  return sourcePaths(object, spec)
}

/** Returns where a spec may have sources; a mapping may take the place of their list, or name them. */
export function sourcePaths(object: ValuesTree, spec: LeafPath): LeafPath[] {
  const several = nodeAt(object, [...spec, 'sources'])
  const keys = isTree(several) ? Object.keys(several) : []
  return [
    [...spec, 'source'],
    [...spec, 'sourceHydrator', 'drySource'],
    ...indexed(object, [...spec, 'sources']),
    ...(isTree(several) ? [[...spec, 'sources']] : []),
    ...keys.map((key) => [...spec, 'sources', key]),
  ]
}

/** Returns the paths of the items of a list. */
export function indexed(object: ValuesTree, path: LeafPath): LeafPath[] {
  const list = nodeAt(object, path)
  return Array.isArray(list) ? list.map((_, index) => [...path, index]) : []
}
