import { formatLeafPath } from '../../../model/leaf-path.ts'
import { type Replacement, spliceText } from '../../../model/text/splice.ts'
import type { ValuesNode } from '../../../model/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import type { RenderedDocument } from '../../documents.ts'
import type { Occurrence } from '../../find/find.ts'
import { type Scalar, walkBeside } from './beside.ts'

/**
 * What a reference of a baseline must be after the relocation; nothing for one that is not wanted, unless its
 * destination is asked for all the same.
 */
export type Expectation = (occurrence: Occurrence, isForced?: boolean) => string | undefined

/** A place that differs though it is no reference. */
export interface Change {
  readonly document: RenderedDocument
  readonly path: string
  /** As it was, with the references in it moved. */
  readonly before: string
  readonly after: string
}

/** Differences of one document that are listed. What has more of them is not understood, whatever the others are. */
const maximumChanges = 1_000

/** The place of the differences beyond those that are listed. It is never the place of one. */
export const furtherPlaces = '…'

/** What is known of a document's references in both renders. */
export interface Known {
  /** Of the baseline's document. */
  readonly occurrences: readonly Occurrence[]
  /** Of the later render, by key. */
  readonly later: ReadonlyMap<string, Occurrence>
  /** Keys of those that are not where they should be. */
  readonly faults: ReadonlySet<string>
  readonly expect: Expectation
}

/** What one document has beside its references that another render of it has not. */
export function* compareDocument(
  before: RenderedDocument,
  after: RenderedDocument,
  known: Known,
): Steps<Change[]> {
  const { occurrences, faults, expect } = known
  const changes: Change[] = []
  let count = 0
  const note = (path: string, old: string, now: string) => {
    count += 1
    if (count <= maximumChanges) changes.push({ document: before, path, before: old, after: now })
  }
  const byPlace = placesOf(occurrences)
  const [old, now] = [contentOf(before), contentOf(after)]
  yield* walkBeside(
    old,
    now,
    (path, value, twin) => {
      // To Kubernetes a null is nothing; helm adds some when a subchart is given any values at all.
      if (twin === value || (twin === undefined && value === null)) return
      const place = formatLeafPath(path)
      const here = byPlace.get(place) ?? []
      // Where one is wrong already, that says enough.
      if (here.some(({ key }) => faults.has(key))) return
      if (explains(value, here, twin, place, known)) return
      note(place, spell(value, here, expect, false), twin === undefined ? 'nothing' : String(twin))
    },
    true,
  )
  yield* walkBeside(
    now,
    old,
    (path, value, twin) => {
      if (twin === undefined && value !== null) note(formatLeafPath(path), 'nothing', String(value))
    },
    true,
  )
  if (count > maximumChanges) {
    const more = `${count - maximumChanges} more places`
    changes.push({ document: before, path: furtherPlaces, before: more, after: 'other values' })
  }
  return changes
}

/** A document as a tree; one that was not parsed is a single text. */
function contentOf({ root, text }: RenderedDocument): ValuesNode {
  return root === undefined ? text : root
}

function placesOf(occurrences: readonly Occurrence[]): Map<string, Occurrence[]> {
  const byPlace = new Map<string, Occurrence[]>()
  for (const occurrence of occurrences) {
    for (const { path } of occurrence.pieces) {
      const place = formatLeafPath(path)
      const here = byPlace.get(place)
      if (here === undefined) byPlace.set(place, [occurrence])
      else here.push(occurrence)
    }
  }
  return byPlace
}

/**
 * True when putting the expected references into a scalar gives what stands there now. One that is not wanted may stay
 * or move: it can share its leaf with one that is. One in parts is compared as a whole, so its parts are left out here,
 * and only here: whatever else the text says has to stay.
 */
function explains(
  value: Scalar,
  here: readonly Occurrence[],
  now: Scalar | undefined,
  place: string,
  { later, expect }: Known,
): boolean {
  if (here.length === 0 || now === undefined) return false
  const inParts = here.filter(isInParts)
  if (typeof value !== 'string' && inParts.length === 0) return false
  const partsNow = inParts.flatMap(({ key }) => later.get(key) ?? [])
  if (partsNow.length < inParts.length) return false
  const rest = spliceText(String(now), cutOut(partsNow, place))
  return [false, true].some(
    (isForced) => spell(value, here, expect, isForced, cutOut(inParts, place)) === rest,
  )
}

function isInParts({ pieces }: Occurrence): boolean {
  return pieces.length > 1
}

/** Replacements that take the pieces of one place out of its text. */
function cutOut(occurrences: readonly Occurrence[], place: string): Replacement[] {
  return occurrences.flatMap(({ pieces }) =>
    pieces
      .filter(({ path }) => formatLeafPath(path) === place)
      .map(({ start, end }) => ({ start, end, text: '' })),
  )
}

function spell(
  value: Scalar,
  here: readonly Occurrence[],
  expect: Expectation,
  isForced: boolean,
  inParts: readonly Replacement[] = [],
): string {
  const whole = here.flatMap((occurrence) => {
    const [piece] = occurrence.pieces
    const text = isInParts(occurrence) ? undefined : expect(occurrence, isForced)
    return piece === undefined || text === undefined ? [] : [{ ...piece, text }]
  })
  return spliceText(String(value), [...whole, ...inParts])
}
