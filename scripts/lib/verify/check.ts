import {
  documentKey,
  documentTitle,
  formatPlace,
  type RenderedDocument,
} from '../charts/render/documents.ts'
import { type Occurrence, type Oddity, searchInSteps } from '../charts/find/find.ts'
import { joinedText } from '../charts/relocate/prove/joined.ts'
import { nameOfText, searchSlots, textOf } from '../charts/relocate/solve/slots.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { formatReference, parseReference, repositoryOf } from '../model/image/reference.ts'
import type { ValuesTree } from '../model/values/values.ts'
import type { Steps } from '../steps/steps.ts'

/**
 * What became of a reference. `private`: it is where its image is mirrored to. `public`: it leads outside. `unplaced`:
 * it leads into the registry, but not to where its image is. `not mirrored`: nothing is mirrored to where it leads.
 */
export type Verdict = 'private' | 'public' | 'unplaced' | 'not mirrored'

export interface CheckedReference {
  readonly chart: string
  readonly variant: string
  readonly verdict: Verdict
  /** As it is rendered. */
  readonly reference: string
  /** Canonical source, where it is known. */
  readonly source?: string
  readonly document: string
  readonly path: string
  readonly template: string
  /** Leaves that spell it now. */
  readonly leaves: readonly string[]
  /** What it should be. */
  readonly expected?: string
}

export interface CheckInput {
  readonly chart: string
  readonly variant: string
  /** Rendered without the override, and with it. */
  readonly before: readonly RenderedDocument[]
  readonly after: readonly RenderedDocument[]
  /** All values that were given, the override last. */
  readonly values: ValuesTree
  readonly registry: string
  readonly isIgnored: (reference: string) => boolean
  /** Full destination of a source reference, or nothing when it is not mirrored. */
  readonly destinationOf: (source: Occurrence) => string | undefined
  /** Source of a destination, for references that only the override renders. */
  readonly sourceOf: (destination: string) => string | undefined
  /** Count references that lead into the registry already without the override, put there by other means. */
  readonly countsOwn?: boolean
}

/** What was found in a render with an override. */
export interface CheckedRender {
  readonly checked: readonly CheckedReference[]
  /** Fields from which the kubelet pulls, and which name no image. */
  readonly oddities: readonly Oddity[]
}

/** Judges every reference of a render with an override. */
export function* checkRender(input: CheckInput): Steps<CheckedRender> {
  const { occurrences: known } = yield* searchInSteps(input.before)
  const before = new Map(known.map((occurrence) => [placeKey(occurrence), occurrence]))
  const { occurrences, oddities } = yield* searchInSteps(input.after)
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
  const checked = judged.map(({ occurrence, reference, judgement }) => ({
    chart: input.chart,
    variant: input.variant,
    ...judgement,
    reference,
    document: documentTitle(occurrence.document),
    path: formatPlace(occurrence.pieces[0]?.path ?? []),
    template: occurrence.document.source,
    leaves: judgement.verdict === 'private' ? [] : (leaves.get(reference) ?? []),
  }))
  return { checked, oddities }
}

/** The same place of the same document, whatever else an override changes. */
function placeKey({ document, key }: Occurrence): string {
  return `${documentKey(document)} ${documentTitle(document)} ${key}`
}

function repositoryName(reference: string): string | undefined {
  const parsed = parseReference(reference)
  return parsed.ok ? repositoryOf(parsed.value) : undefined
}

/** Leaves that spell each reference: those that hold all of its name, else those that hold parts of it. */
function* leavesOf(
  values: ValuesTree,
  references: readonly string[],
): Steps<Map<string, readonly string[]>> {
  const leaves = new Map<string, readonly string[]>()
  if (references.length === 0) return leaves
  // Leaves are chosen for all of them at once: thousands may be wrong in the same way.
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
  // What is installed may set another tag than what the comparison started from: the same image all the same.
  const owner = sourceOf(reference)
  const isSame = owner !== undefined && repositoryName(owner) === repositoryOf(source.reference)
  if (isSame) return { verdict: 'private', source: owner }
  return { verdict: expected === undefined ? 'not mirrored' : 'unplaced', ...known }
}
