import { type Manifest, publishedVersion } from './manifest.ts'
import { formatLeafPath } from './relocation.ts'

/** One line of a review: what came, went or changed. */
export interface ManifestChange {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly subject: 'chart' | 'image' | 'value'
  readonly text: string
}

/** What a reviewer wants to know between two manifests: charts, images and value paths. */
export function diffManifests(before: Manifest, after: Manifest): ManifestChange[] {
  return [
    ...diffMaps('chart', chartLines(before), chartLines(after)),
    ...diffMaps('image', imageLines(before), imageLines(after)),
    ...diffMaps('value', valueLines(before), valueLines(after)),
  ]
}

function chartLines({ charts }: Manifest): Map<string, string> {
  return new Map(
    charts.map((chart) => [chart.name, `${publishedVersion(chart)} from ${chart.repository}`]),
  )
}

function imageLines({ images }: Manifest): Map<string, string> {
  return new Map(
    images.map(({ reference, charts }) => [reference, charts.join(', ') || 'used directly']),
  )
}

function valueLines({ charts, relocation }: Manifest): Map<string, string> {
  const owners = [...charts, { name: 'umbrella', relocation }]
  return new Map(
    owners.flatMap(({ name, relocation: leaves }) =>
      leaves.map(({ path, value }) => [`${name}: ${formatLeafPath(path)}`, value] as const),
    ),
  )
}

function diffMaps(
  subject: ManifestChange['subject'],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ManifestChange[] {
  const changes: ManifestChange[] = []
  for (const [key, value] of after) {
    const old = before.get(key)
    if (old === undefined) changes.push({ kind: 'added', subject, text: `${key} (${value})` })
    else if (old !== value) {
      changes.push({ kind: 'changed', subject, text: `${key}: ${old} → ${value}` })
    }
  }
  for (const [key, value] of before) {
    if (!after.has(key)) changes.push({ kind: 'removed', subject, text: `${key} (${value})` })
  }
  return changes
}
