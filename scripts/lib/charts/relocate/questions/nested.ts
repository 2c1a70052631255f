import type { OpenQuestion } from '../../../model/chart/question.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import { describeSite } from './site.ts'

/** A chart that a rendered object makes a controller install. */
interface Nested {
  readonly chart: string
  readonly version: string
  readonly repository: string
  readonly path: LeafPath
}

/**
 * Returns the charts that objects of Argo CD, Flux and k3s install at run time. Sources of these fields: Argo CD
 * (`Application`, `ApplicationSet`), Flux (`HelmRelease` with its `HelmRepository`, `OCIRepository`, `GitRepository`)
 * and k3s (`HelmChart`).
 */
export function findNested(
  variant: string,
  documents: readonly RenderedDocument[],
): OpenQuestion[] {
  const objects = documents.flatMap((document) =>
    objectsOf(document.root, []).map((object) => ({ ...object, document })),
  )
  const addresses = new Map(
    objects.map(({ object }) => [
      sourceKey(object['kind'], textAt(object, 'metadata', 'name')),
      object,
    ]),
  )
  const addressOf = (kind: string, name: string) =>
    textAt(addresses.get(sourceKey(kind, name)) ?? null, 'spec', 'url')
  const versionOf = (kind: string, name: string) =>
    textAt(addresses.get(sourceKey(kind, name)) ?? null, 'spec', 'ref', 'tag')
  return objects.flatMap(({ document, object, path }) =>
    nestedIn(object, { addressOf, versionOf }).map(
      ({ chart, version, repository, path: inner }): OpenQuestion => ({
        kind: 'nested-chart',
        chart,
        version,
        repository,
        variant,
        ...describeSite({ document, path: [...path, ...inner] }),
      }),
    ),
  )
}

interface PlacedObject {
  readonly object: ValuesTree
  readonly path: LeafPath
}

function objectsOf(node: ValuesNode | undefined, path: LeafPath): PlacedObject[] {
  if (!isTree(node)) return []
  const { items } = node
  return Array.isArray(items)
    ? items.flatMap((item, index) => objectsOf(item, [...path, 'items', index]))
    : [{ object: node, path }]
}

interface Sources {
  readonly addressOf: (kind: string, name: string) => string
  readonly versionOf: (kind: string, name: string) => string
}

function nestedIn(object: ValuesTree, sources: Sources): Nested[] {
  const group = textAt(object, 'apiVersion').split('/')[0] ?? ''
  switch (`${group} ${textAt(object, 'kind')}`) {
    case 'argoproj.io Application':
      return argoSources(object, ['spec'])
    case 'argoproj.io ApplicationSet':
      return argoSources(object, ['spec', 'template', 'spec'])
    case 'helm.toolkit.fluxcd.io HelmRelease':
      return fluxRelease(object, sources)
    case 'helm.cattle.io HelmChart': {
      const path = ['spec', 'chart']
      const chart = textAt(object, ...path)
      const [version, repository] = [
        textAt(object, 'spec', 'version'),
        textAt(object, 'spec', 'repo'),
      ]
      return chart === '' ? [] : [{ chart, version, repository, path }]
    }
    default:
      return []
  }
}

function argoSources(object: ValuesTree, base: readonly string[]): Nested[] {
  const several = nodeAt(object, [...base, 'sources'])
  const paths: LeafPath[] = [
    [...base, 'source'],
    ...(Array.isArray(several) ? several.map((_, index) => [...base, 'sources', index]) : []),
  ]
  return paths.flatMap((path): Nested[] => {
    const source = nodeAt(object, path)
    if (!isTree(source)) return []
    // Without a chart, the source is a folder of a Git repository.
    const chart = textAt(source, 'chart') || textAt(source, 'path')
    const repository = textAt(source, 'repoURL')
    if (repository === '') return []
    const version = textAt(source, 'targetRevision')
    return [{ chart, version, repository, path: [...path, 'repoURL'] }]
  })
}

function fluxRelease(object: ValuesTree, { addressOf, versionOf }: Sources): Nested[] {
  const base = ['spec', 'chart', 'spec']
  const chart = textAt(object, ...base, 'chart')
  if (chart !== '') {
    const reference = [...base, 'sourceRef']
    const [kind, name] = [
      textAt(object, ...reference, 'kind'),
      textAt(object, ...reference, 'name'),
    ]
    const version = textAt(object, ...base, 'version')
    return [{ chart, version, repository: addressOf(kind, name) || `${kind}/${name}`, path: base }]
  }
  const path = ['spec', 'chartRef']
  const [kind, name] = [textAt(object, ...path, 'kind'), textAt(object, ...path, 'name')]
  if (name === '') return []
  const repository = addressOf(kind, name) || `${kind}/${name}`
  return [{ chart: name, version: versionOf(kind, name), repository, path }]
}

function sourceKey(kind: ValuesNode | undefined, name: string): string {
  return JSON.stringify([kind, name])
}

function textAt(node: ValuesNode, ...path: readonly string[]): string {
  const value = path.length === 0 ? node : nodeAt(isTree(node) ? node : Object.create(null), path)
  return typeof value === 'string' ? value : ''
}
