import { isTree, nodeAt, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import { inRegistry } from './argo.ts'
import type { DeliveredInstall, NamedChart } from './named.ts'
import { fieldText } from './objects.ts'

/** Returns the object of a source by its kind, namespace and name, if exactly one is rendered. */
export type FluxSources = (kind: string, namespace: string, name: string) => ValuesTree | undefined

/** Returns the chart of a Flux release. */
export function fluxRelease(object: ValuesTree, sources: FluxSources): NamedChart[] {
  const base = ['spec', 'chart', 'spec']
  const chart = fieldText(object, ...base, 'chart')
  if (chart !== '') {
    const { address, kind } = sourceAt(object, [...base, 'sourceRef'], sources)
    const version = fieldText(object, ...base, 'version')
    const repository = address.startsWith('oci://') ? inRegistry(address, chart) : address
    const named = { chart, version, repository, path: base }
    // The chart of another source is a folder of it.
    return [kind === 'HelmRepository' ? { ...named, install: installOf(object) } : named]
  }
  const path = ['spec', 'chartRef']
  const { address, source, name, kind } = sourceAt(object, path, sources)
  if (name === '') return []
  const version = source === undefined ? '' : tagOf(source)
  const named = { chart: name, version, repository: address, path }
  return [kind === 'OCIRepository' ? { ...named, install: installOf(object) } : named]
}

/** Returns the folder of manifests that Flux applies. */
export function fluxFolder(object: ValuesTree, sources: FluxSources): NamedChart[] {
  const path = ['spec', 'sourceRef']
  const { address, name } = sourceAt(object, path, sources)
  if (name === '') return []
  const chart = fieldText(object, 'spec', 'path') || name
  return [{ chart, version: '', repository: address, path }]
}

function sourceAt(object: ValuesTree, path: readonly string[], sources: FluxSources) {
  const [kind, name] = [fieldText(object, ...path, 'kind'), fieldText(object, ...path, 'name')]
  const namespace =
    fieldText(object, ...path, 'namespace') || fieldText(object, 'metadata', 'namespace')
  const source = sources(kind, namespace, name)
  const url = source === undefined ? '' : fieldText(source, 'spec', 'url')
  return { kind, name, source, address: url || `${kind}/${name}` }
}

/** Returns the tag of a source, if nothing else selects its version: `semver` and `digest` take precedence. */
function tagOf(source: ValuesTree): string {
  const ref = nodeAt(source, ['spec', 'ref'])
  return isTree(ref) && Object.keys(ref).length === 1 ? fieldText(ref, 'tag') : ''
}

/** True for a post-renderer that changes more than the names of images. */
function changesMore(renderer: ValuesNode): boolean {
  const kustomize = nodeAt(renderer, ['kustomize'])
  return !isTree(kustomize) || Object.keys(kustomize).some((key) => key !== 'images')
}

function installOf(object: ValuesTree): DeliveredInstall {
  const name = fieldText(object, 'metadata', 'name')
  const target = fieldText(object, 'spec', 'targetNamespace')
  const release =
    fieldText(object, 'spec', 'releaseName') || [target, name].filter(Boolean).join('-')
  const values = ['spec', 'values']
  const further = [
    ['spec', 'valuesFrom'],
    ['spec', 'chart', 'spec', 'valuesFiles'],
    ['spec', 'chart', 'spec', 'valuesFile'],
  ].filter((path) => {
    const named = nodeAt(object, path)
    return Array.isArray(named) ? named.length > 0 : typeof named === 'string' && named !== ''
  })
  const renderers = nodeAt(object, ['spec', 'postRenderers'])
  if (Array.isArray(renderers) && renderers.some(changesMore))
    further.push(['spec', 'postRenderers'])
  return {
    release: release === '' ? undefined : release,
    namespace: target || fieldText(object, 'metadata', 'namespace') || undefined,
    values: isTree(nodeAt(object, values)) ? [{ form: 'tree', path: values }] : [],
    addTo: values,
    elsewhere: further,
  }
}
