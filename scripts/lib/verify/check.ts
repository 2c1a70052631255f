import { deliveredImage } from '../charts/relocate/questions/delivered.ts'
import { siteOf } from '../charts/relocate/questions/site.ts'
import { questionsLeft } from '../charts/relocate/questions/left.ts'
import type { OpenQuestion } from '../model/chart/question.ts'
import {
  documentKey,
  documentTitle,
  formatPlace,
  type RenderedDocument,
} from '../charts/render/documents.ts'
import { type Occurrence, searchInSteps } from '../charts/find/find.ts'
import { isDelivered } from '../charts/find/delivery/fields.ts'
import type { Oddity } from '../charts/find/oddity.ts'
import { joinedText } from '../charts/relocate/prove/joined.ts'
import { nameOfText, searchSlots, textOf } from '../charts/relocate/solve/slots.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { formatReference, parseReference, repositoryOf } from '../model/image/reference.ts'
import type { ValuesTree } from '../model/values/values.ts'
import type { Steps } from '../steps/steps.ts'

/**
 * The verdict on a reference. `private`: it points to where its image is mirrored. `public`: it points to a public
 * registry. `unplaced`: it points to the private registry, but not to its image. `not mirrored`: nothing is mirrored to
 * its target.
 */
export type Verdict = 'private' | 'public' | 'unplaced' | 'not mirrored'

export interface CheckedReference {
  readonly chart: string
  readonly variant: string
  readonly verdict: Verdict
  /** The reference as rendered. */
  readonly reference: string
  /** Canonical source, if known. */
  readonly source?: string
  readonly document: string
  readonly path: string
  readonly template: string
  /** Leaves that currently spell it. */
  readonly leaves: readonly string[]
  /** The expected reference. */
  readonly expected?: string
}

export interface CheckInput {
  readonly chart: string
  readonly variant: string
  /** Rendered without the override, and with it. */
  readonly before: readonly RenderedDocument[]
  readonly after: readonly RenderedDocument[]
  /** All given values, the override last. */
  readonly values: ValuesTree
  readonly registry: string
  readonly isIgnored: (reference: string) => boolean
  /** Returns the full destination of a source reference; undefined when it is not mirrored. */
  readonly destinationOf: (source: Occurrence) => string | undefined
  /** Returns the source of a destination, for references that only the override renders. */
  readonly sourceOf: (destination: string) => string | undefined
  /** Count references that point to the registry even without the override, mirrored by other means. */
  readonly countsOwn?: boolean
}

/** The findings in a render with an override. */
export interface CheckedRender {
  readonly checked: readonly CheckedReference[]
  /** Fields from which the kubelet pulls, but that do not contain a valid image. */
  readonly oddities: readonly Oddity[]
  /** What the render leaves open. */
  readonly questions: readonly OpenQuestion[]
}

/** Judges every reference of a render with an override. */
export function* checkRender(input: CheckInput): Steps<CheckedRender> {
  const { occurrences: known } = yield* searchInSteps(input.before)
  const before = new Map(known.map((occurrence) => [placeKey(occurrence), occurrence]))
  const found = yield* searchInSteps(input.after)
  const { occurrences, oddities } = found
  const judged = occurrences.flatMap((occurrence) => {
    const source = before.get(placeKey(occurrence))
    const reference = joinedText(occurrence)
    const isInside = occurrence.reference.registry === input.registry
    const isCounted = occurrence.class !== 'potential' || isInside
    const isIgnored = [reference, formatReference(occurrence.reference)].some(input.isIgnored)
    if (!isCounted || isIgnored) return []
    return [{ occurrence, reference, judgement: judge(occurrence, source, input) }]
  })
  const faulty = judged.filter(({ judgement }) => judgement.verdict !== 'private')
  const leaves = yield* leavesOf(
    input.values,
    faulty.map(({ reference }) => reference),
  )
  const left = new Set(
    judged.filter(
      ({ occurrence: { document, pieces }, reference, judgement }) =>
        judgement.verdict === 'public' &&
        (leaves.get(reference) ?? []).length === 0 &&
        isDelivered(document, pieces),
    ),
  )
  const counted = judged.filter((one) => !left.has(one))
  const checked = counted.map(({ occurrence, reference, judgement }) => ({
    chart: input.chart,
    variant: input.variant,
    ...judgement,
    reference,
    document: documentTitle(occurrence.document),
    path: formatPlace(occurrence.pieces[0]?.path ?? []),
    template: occurrence.document.source,
    leaves: judgement.verdict === 'private' ? [] : (leaves.get(reference) ?? []),
  }))
  const questions = yield* questionsLeft(input.variant, input.after, found, input.registry)
  const delivered = [...left].map(({ occurrence }) =>
    deliveredImage(input.variant, 'fixed', occurrence.reference, siteOf(occurrence)),
  )
  return { checked, oddities, questions: [...questions, ...delivered] }
}

/** Returns a key for the same location in the same document, whatever else an override changes. */
function placeKey({ document, key }: Occurrence): string {
  return `${documentKey(document)} ${documentTitle(document)} ${key}`
}

function repositoryName(reference: string): string | undefined {
  const parsed = parseReference(reference)
  return parsed.ok ? repositoryOf(parsed.value) : undefined
}

/**
 * Returns the leaves that spell each reference: those that contain its whole name, else those that contain parts of it.
 */
function* leavesOf(
  values: ValuesTree,
  references: readonly string[],
): Steps<Map<string, readonly string[]>> {
  const leaves = new Map<string, readonly string[]>()
  if (references.length === 0) return leaves
  // Leaves are determined for all of them at once, because thousands may be wrong in the same way.
  const chosen = (yield* searchSlots(values, references)).filter(({ isVague }) => !isVague)
  for (const reference of new Set(references)) {
    const name = nameOfText(reference)
    const slots = chosen.filter((slot) => slot.isOpen || name.includes(textOf(slot)))
    const whole = slots.filter((slot) => textOf(slot).includes(name))
    const paths = (whole.length > 0 ? whole : slots).map(({ path }) => formatLeafPath(path))
    leaves.set(reference, [...new Set(paths)])
    yield
  }
  return leaves
}

function judge(
  occurrence: Occurrence,
  source: Occurrence | undefined,
  { registry, destinationOf, sourceOf, countsOwn }: CheckInput,
): Pick<CheckedReference, 'verdict' | 'source' | 'expected'> {
  const reference = joinedText(occurrence)
  const name = source && formatReference(source.reference)
  const expected = source && destinationOf(source)
  const known = {
    ...(name !== undefined && { source: name }),
    ...(expected !== undefined && { expected }),
  }
  if (occurrence.reference.registry !== registry) return { verdict: 'public', ...known }
  if (countsOwn && source !== undefined && joinedText(source) === reference) {
    return { verdict: 'private' }
  }
  if (source === undefined || source.reference.registry === registry) {
    const owner = sourceOf(reference)
    return owner === undefined ? { verdict: 'unplaced' } : { verdict: 'private', source: owner }
  }
  if (reference === expected) return { verdict: 'private', ...known }
  // The installed values may set a different tag than the baseline; it is still the same image.
  const owner = sourceOf(reference)
  const isSame = owner !== undefined && repositoryName(owner) === repositoryOf(source.reference)
  if (isSame) return { verdict: 'private', source: owner }
  return { verdict: expected === undefined ? 'not mirrored' : 'unplaced', ...known }
}
