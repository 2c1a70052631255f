import type { OperatorSubject } from '../../../model/chart/operator.ts'
import { repositoryOf } from '../../../model/image/reference.ts'
import { emptyTree, isTree, nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import type { ChartFiles } from '../../chart/chart.ts'
import { loadYaml } from '../../chart/metadata.ts'
import { valuesScopes } from '../../chart/values.ts'
import type { VariantView } from '../view.ts'

/** A chart of a tree that renders something, with the keys of its values. */
export interface ScopedSubject {
  readonly path: readonly string[]
  readonly subject: OperatorSubject
}

/** What the caller knows of a chart besides its files. */
export interface OperatorSurroundings {
  /** Where it was fetched from, if known. */
  readonly repository?: string
  /** The operating systems of the nodes. */
  readonly systems: readonly string[]
}

/** Returns the charts of a tree that render something under a variant, as the catalog of operators knows charts. */
export function subjectsOf(
  chart: ChartFiles,
  { baseline, found, variant, values }: VariantView,
  { repository, systems }: OperatorSurroundings,
): ScopedSubject[] {
  const root = chart.metadata.name
  const rendered = found.occurrences.map(({ reference, document }) => ({
    source: document.source,
    repository: repositoryOf(reference),
  }))
  return [...valuesScopes(chart)].flatMap(({ chart: own, path }): ScopedSubject[] => {
    const folder = [root, ...path].join('/charts/')
    const isOwn = (source: string) => source.startsWith(`${folder}/`)
    if (path.length > 0 && !baseline.some(({ source }) => isOwn(source))) return []
    const { name, version, appVersion } = own.metadata
    const subject: OperatorSubject = {
      name,
      version,
      ...(appVersion !== undefined && { appVersion }),
      kubeVersion: variant.settings.kubeVersion,
      addresses: [
        ...(path.length === 0 && repository !== undefined ? [repository] : []),
        ...declaredAddresses(own),
        ...rendered.filter(({ source }) => isOwn(source)).map((image) => image.repository),
      ],
      systems,
      values: scopedValues(values, path),
    }
    return [{ path, subject }]
  })
}

function scopedValues(values: ValuesTree, path: readonly string[]): ValuesTree {
  const own = nodeAt(values, path)
  return isTree(own) ? own : emptyTree()
}

/** Returns the home and the sources that a Chart.yaml names. */
function declaredAddresses({ files }: ChartFiles): string[] {
  const root = loadYaml(files.get('Chart.yaml')?.toString('utf8') ?? '', 'Chart.yaml')
  if (!isTree(root)) return []
  const { home, sources } = root
  const all = [home, ...(Array.isArray(sources) ? sources : [])]
  return all.filter((address) => typeof address === 'string')
}
