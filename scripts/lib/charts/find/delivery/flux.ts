import { isTree, nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import { inRegistry } from './argo.ts'
import type { DeliveredInstall, NamedChart } from './named.ts'
import { fieldText } from './objects.ts'

/** Returns the object of a source by its kind and name, if it is rendered. */
export type FluxSources = (kind: string, name: string) => ValuesTree | undefined

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
  const version = source === undefined ? '' : fieldText(source, 'spec', 'ref', 'tag')
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
  const source = sources(kind, name)
  const url = source === undefined ? '' : fieldText(source, 'spec', 'url')
  return { kind, name, source, address: url || `${kind}/${name}` }
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
  ].filter((path) => {
    const list = nodeAt(object, path)
    return Array.isArray(list) && list.length > 0
  })
  return {
    release: release === '' ? undefined : release,
    namespace: target || fieldText(object, 'metadata', 'namespace') || undefined,
    values: isTree(nodeAt(object, values)) ? [{ form: 'tree', path: values }] : [],
    addTo: values,
    elsewhere: further,
  }
}
