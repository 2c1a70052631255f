import { trimEndOf } from '../../../model/text/trim.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import {
  isTree,
  nodeAt,
  scalarsOf,
  type ValuesNode,
  type ValuesTree,
} from '../../../model/values/values.ts'
import { sourcePaths } from './fields.ts'
import type { DeliveredInstall, NamedChart } from './named.ts'
import { fieldText, relativeFolder } from './objects.ts'

/** Returns the charts and folders of an Argo CD application. `base` is the path of what holds its metadata and spec. */
export function argoSources(object: ValuesTree, base: LeafPath): NamedChart[] {
  const paths = sourcePaths(object, [...base, 'spec'])
  return paths.flatMap((path): NamedChart[] => {
    const source = nodeAt(object, path)
    if (!isTree(source)) return []
    const repository = fieldText(source, 'repoURL')
    if (repository === '') return []
    const name = fieldText(source, 'chart')
    const chart = name || folderOf(source)
    const version = fieldText(source, 'targetRevision')
    const named = { chart, version, repository, path: [...path, 'repoURL'] }
    // A template of applications is filled in by the controller.
    if (name === '' || isTemplate(source)) return [named]
    const install = installOf(object, base, source, path)
    return [{ ...named, repository: withScheme(repository, name), install }]
  })
}

/**
 * Returns the folder of a Git repository that is applied, if there is no chart; empty for a source that only provides
 * files for the values of another one.
 */
function folderOf(source: ValuesTree): string {
  const folder = fieldText(source, 'path')
  if (folder === '') return fieldText(source, 'ref') === '' ? '.' : ''
  return relativeFolder(folder)
}

/** The template of a generator, which takes precedence over that of its application set, may name any chart. */
export function generatorTemplates(object: ValuesTree): NamedChart[] {
  const base = ['spec', 'generators']
  const generators = nodeAt(object, base)
  if (generators === undefined) return []
  const chart = fieldText(object, 'metadata', 'name')
  for (const { path: within } of scalarsOf(generators)) {
    const index = within.indexOf('template')
    if (index === -1 || within.slice(0, index).includes('elements')) continue
    const path = [...base, ...within.slice(0, index + 1)]
    return [{ chart, version: '', repository: '', path }]
  }
  return []
}

/** A patch of an application set's template may name any chart. */
export function argoPatch(object: ValuesTree): NamedChart[] {
  const path = ['spec', 'templatePatch']
  const chart = fieldText(object, 'metadata', 'name')
  return fieldText(object, ...path) === '' ? [] : [{ chart, version: '', repository: '', path }]
}

function installOf(
  object: ValuesTree,
  base: LeafPath,
  source: ValuesTree,
  path: LeafPath,
): DeliveredInstall {
  const helm = [...path, 'helm']
  const own = (key: string) => fieldText(source, 'helm', key)
  const hasTree = isTree(nodeAt(source, ['helm', 'valuesObject']))
  // `valuesObject` replaces `values`.
  const values = hasTree ? ('valuesObject' as const) : ('values' as const)
  const present = (key: string) => nodeAt(source, ['helm', key]) !== undefined
  return {
    release: plain(own('releaseName') || fieldText(object, ...base, 'metadata', 'name')),
    namespace: plain(
      own('namespace') || fieldText(object, ...base, 'spec', 'destination', 'namespace'),
    ),
    values: [
      ...(present(values)
        ? [{ form: hasTree ? ('tree' as const) : ('text' as const), path: [...helm, values] }]
        : []),
      ...(present('parameters')
        ? [{ form: 'parameters' as const, path: [...helm, 'parameters'] }]
        : []),
    ],
    addTo: [...helm, present('values') && !hasTree ? 'values' : 'valuesObject'],
    elsewhere: [
      ...['valueFiles', 'fileParameters', 'apiVersions'].flatMap((key) => {
        const list = nodeAt(source, ['helm', key])
        return Array.isArray(list) && list.length > 0 ? [[...helm, key]] : []
      }),
      ...(own('kubeVersion') === '' ? [] : [[...helm, 'kubeVersion']]),
      ...(isFilledIn(nodeAt(source, ['helm', 'parameters'])) ? [[...helm, 'parameters']] : []),
    ],
  }
}

/** True for parameters with the name of a variable, such as `$ARGOCD_APP_NAME`, which Argo CD replaces. */
function isFilledIn(parameters: ValuesNode | undefined): boolean {
  return (
    Array.isArray(parameters) &&
    parameters.some((one) => isTree(one) && fieldText(one, 'value').includes('$'))
  )
}

function isTemplate(source: ValuesTree): boolean {
  return [...scalarsOf(source)].some(
    ({ value }) => typeof value === 'string' && value.includes('{{'),
  )
}

/** Returns a name that no controller has to fill in. */
function plain(text: string): string | undefined {
  return text === '' || text.includes('{{') ? undefined : text
}

/** Argo CD writes the address of a registry without a scheme. */
function withScheme(repository: string, chart: string): string {
  if (/^[a-z]+:\/\//.test(repository)) {
    return repository.startsWith('oci://') ? inRegistry(repository, chart) : repository
  }
  return /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(repository)
    ? inRegistry(`oci://${repository}`, chart)
    : repository
}

/** Returns the address of a chart in a registry: Flux and Argo CD append its name, even to the same name. */
export function inRegistry(repository: string, chart: string): string {
  return `${trimEndOf(repository, '/')}/${chart}`
}
