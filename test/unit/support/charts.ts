import type { ChartFiles } from '../../../scripts/lib/charts/chart/chart.ts'
import { parseMetadata } from '../../../scripts/lib/charts/chart/metadata.ts'
import { splitDocuments } from '../../../scripts/lib/charts/render/documents.ts'
import { findReferences, type Occurrence } from '../../../scripts/lib/charts/find/find.ts'
import { formatReference } from '../../../scripts/lib/model/image/reference.ts'

/** A chart in memory, from its files as text. */
export function makeChartFiles(
  name: string,
  files: Readonly<Record<string, string>> = {},
  subcharts: readonly ChartFiles[] = [],
): ChartFiles {
  const all = { 'Chart.yaml': `name: ${name}\nversion: 0.1.0\n`, ...files }
  return {
    metadata: parseMetadata(all['Chart.yaml'], name),
    files: new Map(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)])),
    subcharts,
  }
}

/** The text of a render of one template with one document. */
export function makeDocument(body: string, source = 'one/templates/a.yaml'): string {
  return `---\n# Source: ${source}\n${body}\n`
}

/** What is found in a render, as `class reference @ path`. */
export function describeFound(render: string): string[] {
  return findReferences(splitDocuments(render)).occurrences.map(describeOccurrence)
}

function describeOccurrence({ class: sure, reference, pieces }: Occurrence): string {
  const places = pieces.map(({ path }) => path.join('.'))
  return `${sure} ${formatReference(reference)} @ ${places.join(' + ')}`
}
