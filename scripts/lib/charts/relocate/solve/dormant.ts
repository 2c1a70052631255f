import { groupBy } from '../../../model/collections.ts'
import { formatLeafPath, isNameable, type LeafPath } from '../../../model/values/leaf-path.ts'
import { dockerHub, formatReference, parseReference } from '../../../model/image/reference.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'
import { isTree, type ValuesNode, type ValuesTree } from '../../../model/values/values.ts'
import {
  isRegistryKey,
  type MapReading,
  readComposedMap,
  scalarText,
} from '../../find/composed-map.ts'
import type { LayoutJob, MadeAssignments } from '../job.ts'
import { suffixOf } from '../destinations.ts'
import { nameInHub } from '../followers.ts'
import { createPathSet } from './path-set.ts'
import type { VariantView } from '../view.ts'
import type { NamedImage } from '../view.ts'

/** Returns images that values name completely, in one string or by repository and tag, in the order of the values. */
export function namedImages(values: ValuesTree): NamedImage[] {
  const found: NamedImage[] = []
  const visit = (node: ValuesNode, path: LeafPath): void => {
    if (Array.isArray(node))
      for (const [index, item] of node.entries()) visit(item, [...path, index])
    if (!isTree(node) || !isNameable(path)) return
    const [read] = readComposedMap(node, { owner: String(path.at(-1) ?? '') })
    const isKnown = read?.isSure === true && read.parts.every(({ key }) => key !== 'name')
    const keys = isKnown ? read.parts.map(({ key }) => key) : []
    if (isKnown) {
      const word = wordKeyOf(read)
      found.push({
        reference: formatReference(read.reference),
        text: read.reference.text,
        leaves: keys.filter((key) => key !== word).map((key) => [...path, key]),
        ...(word !== undefined && { word: scalarText(node[word]) }),
      })
    }
    for (const [key, child] of Object.entries(node)) {
      if (typeof child !== 'string') visit(child, [...path, key])
      else if (!keys.includes(key)) found.push(...wholeReference(key, child, [...path, key]))
    }
  }
  visit(values, [])
  return found
}

/** Returns the key that holds the last component of a path apart from the rest of it. */
function wordKeyOf({ parts, joints }: MapReading): string | undefined {
  const startsWithRegistry = isRegistryKey(parts[0]?.key ?? '')
  const slashes = joints.filter((joint) => joint === '/').length
  return slashes > (startsWithRegistry ? 1 : 0) ? parts.at(-2)?.key : undefined
}

function wholeReference(key: string, text: string, path: LeafPath): NamedImage[] {
  if (!/image/i.test(key) || !/[:@]/.test(text.slice(text.lastIndexOf('/') + 1))) return []
  const parsed = parseReference(text)
  return parsed.ok ? [{ reference: formatReference(parsed.value), text, leaves: [path] }] : []
}

/** Returns the leaf that holds an image's name; a shared registry does not identify an image. */
function nameLeaf({ leaves }: NamedImage): LeafPath {
  return (leaves.length === 3 ? leaves[1] : leaves[0]) ?? []
}

function leafOf(image: NamedImage): string {
  return formatLeafPath(nameLeaf(image))
}

/** Returns images that values name but nothing renders: the leaf of their name is part of no reference. */
export function dormantImages(
  views: readonly VariantView[],
  feeding: readonly LeafPath[],
): NamedImage[] {
  const rendered = new Set(
    views.flatMap(({ found }) =>
      found.occurrences.map(({ reference }) => formatReference(reference)),
    ),
  )
  const fed = createPathSet(feeding)
  const byKey = new Map<string, NamedImage>()
  for (const image of views.flatMap(({ named }) => named)) {
    const name = nameLeaf(image)
    if (fed.overlaps(name) || rendered.has(image.reference)) continue
    byKey.set(`${image.reference} ${leafOf(image)}`, image)
  }
  return [...byKey.values()]
}

/**
 * Returns values that redirect dormant images whose leaves are free: used by no reference, and the same in all
 * variants.
 */
export function dormantValues(
  views: readonly VariantView[],
  { assignments }: MadeAssignments,
  { leaves, placeName }: LayoutJob,
): LeafAssignment[] {
  const feeding = [...leaves.values()].flat().map(({ path }) => path)
  const taken = createPathSet([...feeding, ...assignments.map(({ path }) => path)])
  const isFree = (path: LeafPath) =>
    path.every((part) => typeof part === 'string') && !taken.overlaps(path)
  const isAmbiguous = ambiguityIn(views)
  const hasDefaultRegistry = takesRegistryFromElsewhere(views)
  const added: LeafAssignment[] = []
  for (const image of dormantImages(views, feeding)) {
    const parsed = parseReference(image.reference)
    const names = image.leaves.length === 1 ? image.leaves : image.leaves.slice(0, -1)
    const place = parsed.ok ? placeName(parsed.value) : ''
    if (place === '' || !names.every(isFree) || isAmbiguous(image)) continue
    // Its registry may be the chart's default one, not Docker Hub.
    if (hasDefaultRegistry && !hasRegistry(image)) continue
    for (const assignment of valuesOf(image, place)) {
      added.push(assignment)
      taken.add(assignment.path)
    }
  }
  return added
}

/**
 * True for a chart with a default registry: an image that its values name without one is rendered with a registry other
 * than Docker Hub.
 */
function takesRegistryFromElsewhere(views: readonly VariantView[]): boolean {
  return views.some(({ named, wanted }) => {
    const bare = new Set(
      named.filter((image) => !hasRegistry(image)).flatMap(({ reference }) => nameOf(reference)),
    )
    return wanted.some(
      ({ reference }) => reference.registry !== dockerHub && bare.has(nameInHub(reference)),
    )
  })
}

function nameOf(reference: string): string[] {
  const parsed = parseReference(reference)
  return parsed.ok ? [nameInHub(parsed.value)] : []
}

/** True for an image that its values name with a registry. */
function hasRegistry({ reference, text }: NamedImage): boolean {
  const [registry = ''] = reference.split('/', 1)
  return registry !== dockerHub || text.startsWith(`${dockerHub}/`)
}

/** Detects leaves in which two variants name different images, so that no value suits both. */
function ambiguityIn(views: readonly VariantView[]): (image: NamedImage) => boolean {
  const texts = new Map(
    [
      ...groupBy(
        views.flatMap(({ named }) => named),
        leafOf,
      ),
    ].map(([leaf, images]) => [leaf, new Set(images.map(({ text }) => text))]),
  )
  return (image) => (texts.get(leafOf(image))?.size ?? 0) > 1
}

function valuesOf({ text, leaves, word }: NamedImage, whole: string): LeafAssignment[] {
  const [first = [], second = []] = leaves
  const ending = word === undefined ? '' : `/${word}`
  if (!whole.endsWith(ending)) return []
  const place = whole.slice(0, whole.length - ending.length)
  if (leaves.length === 1) return [{ path: first, value: place + suffixOf(text) }]
  if (leaves.length === 2) return [{ path: first, value: place }]
  return [
    { path: first, value: '<registry>' },
    { path: second, value: place.replace('<registry>/', '') },
  ]
}
