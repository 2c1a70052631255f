import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import type { NamedChart } from './named.ts'
import { fieldText, groupAndKind } from './objects.ts'

interface PackageFields {
  /** The field because of which something is installed. */
  readonly field: LeafPath
  /** Where the package has its name; by default, it is that of the object. */
  readonly name?: readonly string[]
  readonly version?: readonly string[]
  /** The catalog, or the address of what is fetched. */
  readonly source?: readonly string[]
}

/**
 * Objects that install packages whose images no render shows, by group and kind. Sources: the APIs of Operator Lifecycle
 * Manager, Carvel and the Flux Operator.
 */
const packageKinds: ReadonlyMap<string, PackageFields> = new Map([
  [
    'operators.coreos.com Subscription',
    {
      field: ['spec', 'name'],
      name: ['spec', 'name'],
      version: ['spec', 'startingCSV'],
      source: ['spec', 'source'],
    },
  ],
  [
    'olm.operatorframework.io ClusterExtension',
    {
      field: ['spec', 'source'],
      name: ['spec', 'source', 'catalog', 'packageName'],
      version: ['spec', 'source', 'catalog', 'version'],
    },
  ],
  [
    'packaging.carvel.dev PackageInstall',
    {
      field: ['spec', 'packageRef'],
      name: ['spec', 'packageRef', 'refName'],
      version: ['spec', 'packageRef', 'versionSelection', 'constraints'],
    },
  ],
  ['packaging.carvel.dev PackageRepository', { field: ['spec', 'fetch'] }],
  ['kappctrl.k14s.io App', { field: ['spec', 'fetch'] }],
  [
    'fluxcd.controlplane.io FluxInstance',
    {
      field: ['spec', 'distribution'],
      version: ['spec', 'distribution', 'version'],
      source: ['spec', 'distribution', 'artifact'],
    },
  ],
  ['fluxcd.controlplane.io ResourceSet', { field: ['spec'] }],
])

/** Returns the package that an object installs. */
export function packagesOf(object: ValuesTree): NamedChart[] {
  const fields = packageKinds.get(groupAndKind(object))
  if (fields === undefined || nodeAt(object, fields.field) === undefined) return []
  const textAt = (path: readonly string[] = []) =>
    path.length === 0 ? '' : fieldText(object, ...path)
  return [
    {
      chart: textAt(fields.name) || fieldText(object, 'metadata', 'name'),
      version: textAt(fields.version),
      repository: textAt(fields.source),
      path: fields.field,
    },
  ]
}
