import { groupBy } from '../../../model/collections.ts'
import {
  matchOperators,
  type Operator,
  type PulledImage,
  pulledKey,
} from '../../../model/chart/operator.ts'
import type { OpenQuestion, OperatorCause } from '../../../model/chart/question.ts'
import { formatReference, type Reference, repositoryOf } from '../../../model/image/reference.ts'
import { formatLeafPath, type LeafPath, overlaps } from '../../../model/values/leaf-path.ts'
import type { LeafRole } from '../../../model/values/leaf-role.ts'
import { nodeAt } from '../../../model/values/values.ts'
import type { ChartFiles } from '../../chart/chart.ts'
import type { Variant, VariantView } from '../view.ts'
import { type OperatorSurroundings, subjectsOf } from './subjects.ts'

export interface OperatorKnowledge extends OperatorSurroundings {
  readonly catalog: readonly Operator[]
}

/** What operators of a chart pull beyond what was found. */
export interface ExpectedPulls {
  readonly images: readonly PulledImage[]
  readonly questions: readonly OpenQuestion[]
}

/**
 * Returns the images that the catalog adds to those that renders show. A found image is never added again, and an
 * image whose leaf the user has set is not added: the user's value decides there.
 *
 * @param declared images listed by hand
 */
export function expectPulls(
  chart: ChartFiles,
  views: readonly VariantView[],
  { catalog, ...surroundings }: OperatorKnowledge,
  declared: readonly Reference[],
): ExpectedPulls {
  const shown = views.flatMap((view) => view.found.occurrences.map(({ reference }) => reference))
  const found = new Set([...shown, ...declared].map(formatReference))
  const images = new Map<string, PulledImage>()
  const questions: OpenQuestion[] = []
  const open: GivenImage[] = []
  for (const view of views) {
    for (const { path, subject } of subjectsOf(chart, view, surroundings)) {
      const { images: pulled, unknown } = matchOperators(subject, catalog)
      for (const one of unknown) questions.push({ kind: 'operator-pulls', ...one })
      for (const one of pulled) {
        const key = pulledKey(one)
        if (found.has(key)) continue
        const scoped = inScope(one, path)
        const given = givenLeaves(scoped, view.variant)
        if (given.length > 0) {
          // A value that a render shows is judged there.
          if (!isShown(scoped, given, view)) open.push({ image: scoped, given })
          continue
        }
        if (one.dependsOnKubernetes && view.variant.assumes?.kubeVersion === true) {
          questions.push(questionAbout(scoped, 'assumed-cluster'))
        }
        if (!images.has(key)) images.set(key, scoped)
      }
    }
  }
  return { images: [...images.values()], questions: [...questions, ...questionsOfGiven(open)] }
}

/** An image whose leaves the user's values set to something that no render shows. */
interface GivenImage {
  readonly image: PulledImage
  readonly given: readonly LeafPath[]
}

/** Returns one question for all images that depend on the same leaves. */
function questionsOfGiven(open: readonly GivenImage[]): OpenQuestion[] {
  const byLeaves = groupBy(open, ({ given }) => given.map(formatLeafPath).join())
  return [...byLeaves.values()].flatMap(([first, ...rest]): OpenQuestion[] => {
    if (first === undefined) return []
    const own = pulledKey(first.image)
    const others = new Set(rest.map(({ image }) => pulledKey(image)).filter((key) => key !== own))
    return [{ ...questionAbout(first.image, 'given', first.given), others: others.size }]
  })
}

/** Returns an image with the paths of its leaves from the root of the values. */
function inScope(image: PulledImage, path: LeafPath): PulledImage {
  const leaves = image.leaves.map((leaf) =>
    leaf.path[0] === 'global' ? leaf : { ...leaf, path: [...path, ...leaf.path] },
  )
  return { ...image, leaves }
}

/**
 * Returns the leaves of an image to which the user's values give text of their own. A leaf with the published text is
 * moved like a default; so are all leaves of an image of which the user's values point one to the target.
 */
function givenLeaves(
  { leaves, reference }: PulledImage,
  { values, restored = [] }: Variant,
): LeafPath[] {
  const isInTarget = leaves.some(({ path }) => restored.some((one) => overlaps(one.path, path)))
  if (isInTarget) return []
  return leaves
    .filter(({ path, role }) => {
      const value = nodeAt(values, path)
      return isText(value) && value !== publishedPart(role, reference)
    })
    .map(({ path }) => path)
}

function isText(node: unknown): node is string {
  return typeof node === 'string' && node !== ''
}

/** True when a found reference has the same repository, or the same name and the given values. */
function isShown(
  image: PulledImage,
  paths: readonly LeafPath[],
  { variant, found }: VariantView,
): boolean {
  const texts = paths.map((path) => nodeAt(variant.values, path)).filter(isText)
  return found.occurrences.some(({ reference }) => {
    if (repositoryOf(reference) === repositoryOf(image.reference)) return true
    const shown = formatReference(reference)
    return (
      lastOf(reference) === lastOf(image.reference) && texts.every((text) => shown.includes(text))
    )
  })
}

function lastOf({ path }: Reference): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Returns the question about an image that is not moved for certain. */
export function questionAbout(
  { operator, when, leaves, field = '', reference }: PulledImage,
  cause: OperatorCause,
  paths: readonly LeafPath[] = leaves.map(({ path }) => path),
): Extract<OpenQuestion, { kind: 'operator-image' }> {
  const named = leaves.filter(({ path }) => paths.includes(path))
  return {
    kind: 'operator-image',
    operator,
    reference: pulledKey({ reference }),
    others: 0,
    when,
    cause,
    leaves: named.map(({ path }) => formatLeafPath(path)),
    values: named.map(({ role }) => publishedPart(role, reference)),
    field,
  }
}

/** Returns the part of a published image that a leaf of a role holds. */
function publishedPart(role: LeafRole, reference: Reference): string {
  const { registry, path, tag = '' } = reference
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  switch (role) {
    case 'reference':
      return formatReference(reference)
    case 'repository':
      return repositoryOf(reference)
    case 'registry':
    case 'source':
      return registry
    case 'path':
      return path
    case 'parent':
      return parent
    case 'folder':
      return `${registry}/${parent}`
    case 'tag':
      return tag
  }
}
