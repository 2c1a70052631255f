import type { ChartList, LeafRole, ListedImage } from './chart-list.ts'
import { mirroredRepository, type Place, placeImages } from './layout.ts'
import type { LeafAssignment, LeafPath, Manifest, ManifestImage } from './manifest.ts'
import { failure, type Problem, type Result, success, unwrap } from './problem.ts'
import { parseReference, type Reference } from './reference.ts'

/**
 * The pattern that a leaf must hold so that its image is found at its place in the `mirrored` layout.
 * `repository` is registry and path in one, `source` ends at the source registry and `parent` leaves out the name.
 * A pinned reference stays pinned.
 */
export function patternFor(role: LeafRole, place: Place, digest?: string): string {
  const { repository, tag } = place
  switch (role) {
    case 'registry':
      return '<registry>'
    case 'path':
      return `<prefix>${repository}`
    case 'repository':
      return `<registry>/<prefix>${repository}`
    case 'source':
      return `<registry>/<prefix>${repository.split('/').slice(0, 2).join('/')}`
    case 'parent':
      return `<prefix>${repository.slice(0, repository.lastIndexOf('/'))}`
    case 'reference':
      return `<registry>/<prefix>${repository}:${tag}${digest === undefined ? '' : `@${digest}`}`
    case 'tag':
      return tag
  }
}

/** A leaf's value by image: its place depends on all images of the list, so it is worked out for them together. */
type Spell = (image: ListedImage, role: LeafRole) => string

function readImage({ reference }: ListedImage): Reference {
  return unwrap(parseReference(reference))
}

function speller(list: ChartList): Spell {
  const images = [...list.charts.flatMap((chart) => chart.images), ...list.direct]
  const places = placeImages(images.map(readImage), mirroredRepository)
  return (image, role) => {
    const place = places.get(image.reference)
    if (place === undefined) throw new Error(`"${image.reference}" is not in its canonical form`)
    return patternFor(role, place, readImage(image).digest)
  }
}

/** Composes the manifest of a chart list. Fails when two images want different values in one leaf. */
export function composeManifest(list: ChartList, input: string): Result<Manifest> {
  const spell = speller(list)
  const charts = []
  for (const { images, ...chart } of list.charts) {
    const relocation = assignLeaves(chart.name, images, spell)
    if (!relocation.ok) return relocation
    charts.push({ ...chart, relocation: relocation.value })
  }
  const direct = assignLeaves('direct images', list.direct, spell)
  if (!direct.ok) return direct
  return success({
    input,
    charts: charts.toSorted((a, b) => compareText(a.name, b.name)),
    images: mergeImages(list),
    relocation: direct.value,
  })
}

function assignLeaves(
  owner: string,
  images: readonly ListedImage[],
  spell: Spell,
): Result<LeafAssignment[]> {
  const assignments = new Map<string, LeafAssignment & { readonly image: string }>()
  for (const image of images) {
    for (const { path, role } of image.leaves) {
      const assignment = { path, value: spell(image, role), image: image.reference }
      const rival = [...assignments.values()].find((earlier) => excludes(earlier, assignment))
      if (rival !== undefined) return failure(rivalry(owner, rival, assignment))
      assignments.set(formatLeafPath(path), assignment)
    }
  }
  return success([...assignments.values()].map(({ path, value }) => ({ path, value })))
}

/** Two values for one leaf, or a leaf inside of which another one is wanted. */
function excludes(a: LeafAssignment, b: LeafAssignment): boolean {
  const [shorter, longer] = a.path.length <= b.path.length ? [a.path, b.path] : [b.path, a.path]
  if (!shorter.every((key, index) => key === longer[index])) return false
  return shorter.length !== longer.length || a.value !== b.value
}

type Wanted = LeafAssignment & { readonly image: string }

function rivalry(owner: string, a: Wanted, b: Wanted): Problem {
  const say = ({ path, value, image }: Wanted) =>
    `leaf "${formatLeafPath(path)}" would be "${value}" for ${image}`
  return {
    kind: 'conflict',
    side: 'input',
    message: `${owner}: ${say(a)}, and ${say(b)}`,
    next: 'give one of the two images another leaf',
  }
}

function mergeImages(list: ChartList): ManifestImage[] {
  const merged = new Map<string, { charts: Set<string>; direct: boolean; reason?: string }>()
  const add = (image: ListedImage, chart?: string) => {
    const entry = merged.get(image.reference) ?? { charts: new Set<string>(), direct: false }
    if (chart === undefined) entry.direct = true
    else entry.charts.add(chart)
    if (image.reason !== undefined) entry.reason ??= image.reason
    merged.set(image.reference, entry)
  }
  for (const chart of list.charts) for (const image of chart.images) add(image, chart.name)
  for (const image of list.direct) add(image)
  return [...merged]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([reference, { charts, direct, reason }]) => ({
      reference,
      charts: [...charts].toSorted(compareText),
      ...(direct && charts.size > 0 && { direct }),
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
