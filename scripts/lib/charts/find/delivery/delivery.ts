import { groupBy } from '../../../model/collections.ts'
import { formatLeafPath, type LeafPath } from '../../../model/values/leaf-path.ts'
import type { ValuesTree } from '../../../model/values/values.ts'
import { isTextKind, type RenderedDocument } from '../../render/documents.ts'
import { argoPatch, argoSources, generatorTemplates } from './argo.ts'
import { coordinatesIn } from './coordinates.ts'
import { fluxFolder, fluxRelease, type FluxSources } from './flux.ts'
import { k3sChart } from './k3s.ts'
import type { NamedChart } from './named.ts'
import { embeddedIn, groupAndKind, objectsOf, fieldText } from './objects.ts'
import { packagesOf } from './packages.ts'
import { syncedFolders } from './synced.ts'

/** A chart or folder that a controller installs because of a rendered object. Paths are those in the document. */
export interface Delivery extends NamedChart {
  readonly document: RenderedDocument
}

/**
 * Returns the charts and folders that controllers install at run time. Sources of these fields: Argo CD (`Application`,
 * `ApplicationSet`), Flux (`HelmRelease` and `Kustomization` with `HelmRepository`, `OCIRepository`, `GitRepository`)
 * and k3s (`HelmChart`); for other controllers, packages, folders, and any map that holds a chart and an address.
 */
export function findDeliveries(documents: readonly RenderedDocument[]): Delivery[] {
  const objects = documents.flatMap((document) =>
    objectsOf(document.root).map((object) => ({ ...object, document })),
  )
  const known = groupBy(objects, ({ object }) =>
    sourceKey(
      groupAndKind(object),
      fieldText(object, 'metadata', 'namespace'),
      fieldText(object, 'metadata', 'name'),
    ),
  )
  const sources: FluxSources = (kind, namespace, name) => {
    const [source, twin] =
      known.get(sourceKey(`source.toolkit.fluxcd.io ${kind}`, namespace, name)) ?? []
    return twin === undefined ? source?.object : undefined
  }
  const configured = new Set(
    objects
      .filter(({ object }) => groupAndKind(object) === 'helm.cattle.io HelmChartConfig')
      .map(({ object }) => fieldText(object, 'metadata', 'name')),
  )
  const others: Others = { sources, hasConfig: (name) => configured.has(name) }
  return objects.flatMap(({ document, object, path: base }) =>
    namedIn(object, others).map((named) => ({ ...placed(named, base), document })),
  )
}

/** Answers questions about the other rendered objects. */
interface Others {
  readonly sources: FluxSources
  /** True for a chart of k3s to which another object adds values. */
  readonly hasConfig: (name: string) => boolean
}

/** Returns the charts that an object names, also in the objects within it. */
function namedIn(object: ValuesTree, others: Others): NamedChart[] {
  const own = namedByKind(object, others)
  if (own !== undefined) return own
  if (isTextKind(object['kind'])) return []
  return distinct([
    ...namedByFields(object),
    ...[...embeddedIn(object, [])].flatMap(({ object: inner, path }) =>
      (namedByKind(inner, others) ?? namedByFields(inner)).map((named) =>
        // How the controller changes the objects within its own is not known.
        placed({ ...named, install: undefined }, path),
      ),
    ),
  ])
}

/** Returns the charts that an object of a known controller names; undefined for any other object. */
function namedByKind(object: ValuesTree, { sources, hasConfig }: Others): NamedChart[] | undefined {
  switch (groupAndKind(object)) {
    case 'argoproj.io Application':
      return argoSources(object, [])
    case 'argoproj.io ApplicationSet':
      return [
        ...argoSources(object, ['spec', 'template']),
        ...argoPatch(object),
        ...generatorTemplates(object),
      ]
    case 'helm.toolkit.fluxcd.io HelmRelease':
      return fluxRelease(object, sources)
    case 'kustomize.toolkit.fluxcd.io Kustomization':
      return fluxFolder(object, sources)
    case 'helm.cattle.io HelmChart':
      return k3sChart(object, hasConfig(fieldText(object, 'metadata', 'name')))
    default:
      return undefined
  }
}

function namedByFields(object: ValuesTree): NamedChart[] {
  return [...syncedFolders(object), ...packagesOf(object), ...coordinatesIn(object, [])]
}

/** Keeps the last of several that are named at one place: it is read by its own fields. */
function distinct(named: readonly NamedChart[]): NamedChart[] {
  return [...new Map(named.map((one) => [formatLeafPath(one.path), one])).values()]
}

function placed({ install, ...named }: NamedChart, base: LeafPath): NamedChart {
  const within = (path: LeafPath) => [...base, ...path]
  return {
    ...named,
    path: within(named.path),
    ...(install !== undefined && {
      install: {
        ...install,
        values: install.values.map(({ form, path }) => ({ form, path: within(path) })),
        addTo: within(install.addTo),
        elsewhere: install.elsewhere.map(within),
      },
    }),
  }
}

function sourceKey(kind: string, namespace: string, name: string): string {
  return JSON.stringify([kind, namespace, name])
}
