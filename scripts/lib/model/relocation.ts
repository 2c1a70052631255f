import type { ChartList, LeafRole, ListedImage } from './chart-list.ts'
import { mirroredRepository } from './layout.ts'
import type { LeafAssignment, LeafPath, Manifest, ManifestImage } from './manifest.ts'
import { failure, type Result, success, unwrap } from './problem.ts'
import { parseReference } from './reference.ts'

/**
 * The pattern that a leaf must hold so that its image is found in the `mirrored` layout.
 * `repository` is registry and path in one, `source` ends at the source registry and `parent` leaves out the name.
 */
export function patternFor(role: LeafRole, referenceText: string): string {
  const reference = unwrap(parseReference(referenceText))
  const path = mirroredRepository(reference)
  switch (role) {
    case 'registry':
      return '<registry>'
    case 'path':
      return `<prefix>${path}`
    case 'repository':
      return `<registry>/<prefix>${path}`
    case 'source':
      return `<registry>/<prefix>${path.split('/').slice(0, 2).join('/')}`
    case 'parent':
      return `<prefix>${path.slice(0, path.lastIndexOf('/'))}`
    case 'reference':
      return `<registry>/<prefix>${path}${reference.tag === undefined ? '' : `:${reference.tag}`}`
    case 'tag':
      return reference.tag ?? ''
  }
}

/** Composes the manifest of a chart list. Fails when two images want different values in one leaf. */
export function composeManifest(list: ChartList, input: string): Result<Manifest> {
  const charts = []
  for (const { images, ...chart } of list.charts) {
    const relocation = assignLeaves(chart.name, images)
    if (!relocation.ok) return relocation
    charts.push({ ...chart, relocation: relocation.value })
  }
  const direct = assignLeaves('direct images', list.direct)
  if (!direct.ok) return direct
  return success({
    input,
    charts: charts.toSorted((a, b) => compareText(a.name, b.name)),
    images: mergeImages(list),
    relocation: direct.value,
  })
}

function assignLeaves(owner: string, images: readonly ListedImage[]): Result<LeafAssignment[]> {
  const assignments = new Map<string, LeafAssignment & { image: string }>()
  for (const image of images) {
    for (const { path, role } of image.leaves) {
      const key = formatLeafPath(path)
      const value = patternFor(role, image.reference)
      const earlier = assignments.get(key)
      if (earlier !== undefined && earlier.value !== value) {
        return failure({
          kind: 'conflict',
          side: 'input',
          message: `${owner}: leaf "${key}" would have to be "${earlier.value}" for ${earlier.image} and "${value}" for ${image.reference}`,
          next: 'give one of the two images another leaf',
        })
      }
      assignments.set(key, { path, value, image: image.reference })
    }
  }
  return success([...assignments.values()].map(({ path, value }) => ({ path, value })))
}

function mergeImages(list: ChartList): ManifestImage[] {
  const merged = new Map<string, { charts: Set<string>; reason?: string }>()
  const add = (image: ListedImage, chart?: string) => {
    const entry = merged.get(image.reference) ?? { charts: new Set<string>() }
    if (chart !== undefined) entry.charts.add(chart)
    if (image.reason !== undefined) entry.reason ??= image.reason
    merged.set(image.reference, entry)
  }
  for (const chart of list.charts) for (const image of chart.images) add(image, chart.name)
  for (const image of list.direct) add(image)
  return [...merged]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([reference, { charts, reason }]) => ({
      reference,
      charts: [...charts].toSorted(compareText),
      ...(reason !== undefined && { reason }),
    }))
}

/** Order of code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `a.b[0].c`, for people and for keys of the chart list; a key with a dot or bracket is quoted. */
export function formatLeafPath(path: LeafPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      const word = /[.[\]"]/.test(part) ? `["${part}"]` : part
      return index === 0 || word !== part ? word : `.${word}`
    })
    .join('')
}

/** The inverse of `formatLeafPath`; nothing when the text is not a path. */
export function parseLeafPath(text: string): LeafPath | undefined {
  const path: (string | number)[] = []
  const step = /\.?([^.[\]"]+)|\[(\d+)\]|\["([^"]+)"\]/y
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return undefined
    const [, word, index, quoted] = match
    path.push(index === undefined ? (word ?? quoted ?? '') : Number(index))
  }
  return path.length === 0 ? undefined : path
}
