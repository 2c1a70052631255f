import type { ChartFiles } from '../chart/chart.ts'

/** Where a document of a stream begins for Kubernetes: any blank or a comment may follow the dashes. */
export const separator = /^---(?=\s|#|$)/m

/** Returns a text with the line ends that helm and Kubernetes know, which read YAML 1.1; its length stays. */
export function withLineEnds(text: string): string {
  return text.replaceAll(/[\u0085\u2028\u2029]/g, '\n')
}

/**
 * Returns how many documents of a render follow the first one of a file in `crds/`, which helm prints verbatim: a chart
 * can name any template in it. A file that a chart is not known to have in its own `crds/` has all that follow.
 */
export function countVerbatim(chart: ChartFiles): (source: string) => number {
  const files = new Map<string, Buffer>()
  addFiles(files, chart, '')
  return (source) => {
    const path = source.replace(/^[^/]*\//, '')
    const content = files
      .get(path)
      ?.toString('utf8')
      .replace(/^\uFEFF/, '')
    if (content === undefined) return path.startsWith('crds/') ? Infinity : 0
    return withLineEnds(content).split(separator).length - 1
  }
}

function addFiles(
  files: Map<string, Buffer>,
  { metadata, files: own, subcharts }: ChartFiles,
  folder: string,
): void {
  for (const [path, content] of own) {
    if (path.startsWith('crds/')) files.set(folder + path, content)
  }
  for (const sub of subcharts) {
    const { name } = sub.metadata
    const aliases = metadata.dependencies.flatMap((one) =>
      one.name === name ? (one.alias ?? []) : [],
    )
    for (const alias of new Set([name, ...aliases]))
      addFiles(files, sub, `${folder}charts/${alias}/`)
  }
}
