import type { OpenQuestion } from '../../../model/chart/question.ts'
import { showAddress } from '../../../model/internet/url.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import { isTextKind, type RenderedDocument } from '../../render/documents.ts'
import { describeSite } from './site.ts'
import { syncedFolders } from './synced.ts'

/** A chart that a controller installs because of a rendered object. */
interface Nested {
  readonly chart: string
  readonly version: string
  readonly repository: string
  readonly path: LeafPath
}

/**
 * Returns the charts and folders that controllers install at run time. Sources of these fields: Argo CD (`Application`,
 * `ApplicationSet`), Flux (`HelmRelease` and `Kustomization` with `HelmRepository`, `OCIRepository`, `GitRepository`)
 * and k3s (`HelmChart`); for other controllers, any map that holds a chart and an address.
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
        // It may be rendered with a password from the caller's values.
        repository: showAddress(repository),
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
      return [...argoSources(object, ['spec', 'template', 'spec']), ...templatePatch(object)]
    case 'helm.toolkit.fluxcd.io HelmRelease':
      return fluxRelease(object, sources)
    case 'kustomize.toolkit.fluxcd.io Kustomization':
      return fluxFolder(object, sources)
    case 'helm.cattle.io HelmChart':
      return k3sChart(object)
    default:
      if (isTextKind(object['kind'])) return []
      return [...syncedFolders(object), ...coordinatesIn(object, [])]
  }
}

function k3sChart(object: ValuesTree): Nested[] {
  const [chart, content] = [
    ['spec', 'chart'],
    ['spec', 'chartContent'],
  ] as const
  if (textAt(object, ...content) !== '') {
    return [
      { chart: textAt(object, 'metadata', 'name'), version: '', repository: '', path: content },
    ]
  }
  const [version, repository] = [textAt(object, 'spec', 'version'), textAt(object, 'spec', 'repo')]
  const name = textAt(object, ...chart)
  return name === '' ? [] : [{ chart: name, version, repository, path: chart }]
}

/** A patch of the template may name any chart. */
function templatePatch(object: ValuesTree): Nested[] {
  const path = ['spec', 'templatePatch']
  const chart = textAt(object, 'metadata', 'name')
  return textAt(object, ...path) === '' ? [] : [{ chart, version: '', repository: '', path }]
}

const addressKeys = ['repoURL', 'repoUrl', 'repository', 'repo', 'url'] as const
const versionKeys = ['version', 'targetRevision', 'chartVersion'] as const

/** An address from which a controller can fetch. */
const address = /^(?:https?|oci|git|ssh):\/\//

/**
 * Yields the coordinates of charts in resources of other controllers (Crossplane, Cluster API, Fleet and others): a map
 * with the address of a repository, and the name of a chart beside or above the address.
 */
function* coordinatesIn(node: ValuesNode | undefined, path: LeafPath): Generator<Nested> {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* coordinatesIn(item, [...path, index])
  }
  if (!isTree(node)) return
  const named = ['chart', 'chartName', 'name'].map((key) => textAt(node, key)).find(Boolean) ?? ''
  const isChart =
    path.at(-1) === 'chart' || Object.hasOwn(node, 'chart') || Object.hasOwn(node, 'chartName')
  const key = addressKeys.find((one) => address.test(textAt(node, one)))
  if (isChart && key !== undefined) {
    const version = versionKeys.map((one) => textAt(node, one)).find(Boolean) ?? ''
    yield { chart: named, version, repository: textAt(node, key), path: [...path, key] }
  }
  for (const [name, child] of Object.entries(node)) yield* coordinatesIn(child, [...path, name])
}

function argoSources(object: ValuesTree, base: readonly string[]): Nested[] {
  const several = nodeAt(object, [...base, 'sources'])
  const paths: LeafPath[] = [
    [...base, 'source'],
    ...(Array.isArray(several) ? several.map((_, index) => [...base, 'sources', index]) : []),
    ...(isTree(several) ? ['', ...Object.keys(several)].map((key) => mapped(base, key)) : []),
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

/** Where a mapping in the place of a list may be a source: the mapping itself, or what is in it. */
function mapped(base: readonly string[], key: string): LeafPath {
  return [...base, 'sources', ...(key === '' ? [] : [key])]
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

/** A folder of manifests, which a controller applies. */
function fluxFolder(object: ValuesTree, { addressOf }: Sources): Nested[] {
  const path = ['spec', 'sourceRef']
  const [kind, name] = [textAt(object, ...path, 'kind'), textAt(object, ...path, 'name')]
  if (name === '') return []
  const repository = addressOf(kind, name) || `${kind}/${name}`
  return [{ chart: textAt(object, 'spec', 'path') || name, version: '', repository, path }]
}

function sourceKey(kind: ValuesNode | undefined, name: string): string {
  return JSON.stringify([kind, name])
}

function textAt(node: ValuesNode, ...path: readonly string[]): string {
  const value = path.length === 0 ? node : nodeAt(isTree(node) ? node : Object.create(null), path)
  return typeof value === 'string' ? value : ''
}
