import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import { type Replacement, spliceText } from '../../../model/text/splice.ts'
import type { ValuesNode } from '../../../model/values/values.ts'
import type { Steps } from '../../../steps/steps.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import type { Piece } from '../../find/composed.ts'
import type { Occurrence } from '../../find/find.ts'
import { joinedText } from './joined.ts'
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
  /** Two texts, or two numbers: nothing has appeared there, or is gone, or has become something of another kind. */
  readonly isOfOneKind: boolean
}

/** Differences of one document that are listed. What has more of them is not understood, whatever the others are. */
const maximumChanges = 1_000

/** The place of the differences beyond those that are listed. It is never the place of one. */
export const furtherPlaces = '…'

/** The place of whole numbers that are too long to be compared as numbers. */
const longNumbersPlace = '(long numbers)'

/** Whole numbers of more than 15 digits, in their order: Kubernetes keeps them exactly, and a double does not. */
function longNumbers(text: string): string {
  const number = /(?<![\w.])(?:0[xX][\da-fA-F_]{13,}|0[bB][01_]{50,}|\d[\d_]{14,})(?!\w)/g
  return (text.match(number) ?? []).join(' ')
}

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
  const { occurrences, faults } = known
  const changes: Change[] = []
  let count = 0
  const note = (path: string, old: string, now: string, isOfOneKind = false) => {
    count += 1
    if (count > maximumChanges) return
    changes.push({ document: before, path, before: old, after: now, isOfOneKind })
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
      const here = { place, value, occurrences: byPlace.get(place) ?? [] }
      // Where one is wrong already, that says enough.
      if (here.occurrences.some(({ key }) => faults.has(key))) return
      if (explains(here, twin, known)) return
      const text = twin === undefined ? 'nothing' : String(twin)
      const isScalar = typeof value === 'string' || typeof value === 'number'
      note(place, spell(here, text, known, false), text, isScalar && typeof twin === typeof value)
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
  const [numbers, numbersNow] = [longNumbers(before.text), longNumbers(after.text)]
  if (numbers !== numbersNow) note(longNumbersPlace, numbers, numbersNow)
  if (count > maximumChanges) {
    const more = `${count - maximumChanges} more places`
    const rest = { before: more, after: 'other values', isOfOneKind: false }
    changes.push({ document: before, path: furtherPlaces, ...rest })
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
    for (const place of new Set(occurrence.pieces.map(({ path }) => formatLeafPath(path)))) {
      const here = byPlace.get(place)
      if (here === undefined) byPlace.set(place, [occurrence])
      else here.push(occurrence)
    }
  }
  return byPlace
}

/**
 * True when putting the expected references into a scalar gives what stands there now. One that is not wanted may stay
 * or move: it can share its leaf with one that is.
 */
function explains(here: Here, now: Scalar | undefined, known: Known): boolean {
  const { value, occurrences } = here
  if (occurrences.length === 0 || now === undefined) return false
  // A tag that was a number may be given as text.
  if (typeof value !== 'string' && !occurrences.some(isInParts)) return false
  if (typeof now !== 'string' && typeof now !== typeof value) return false
  const text = String(now)
  return [false, true].some((isForced) => spell(here, text, known, isForced) === text)
}

function isInParts({ pieces }: Occurrence): boolean {
  return pieces.length > 1
}

/** A scalar with the references that stand in it, wholly or in part. */
interface Here {
  readonly place: string
  readonly value: Scalar
  readonly occurrences: readonly Occurrence[]
}

/** A scalar as it should be, with its references moved. */
function spell(
  { place, value, occurrences }: Here,
  now: string,
  { later, expect }: Known,
  isForced: boolean,
): string {
  const replacements = occurrences.flatMap((occurrence): Replacement[] => {
    const text = expect(occurrence, isForced)
    const [piece] = occurrence.pieces
    if (piece === undefined || text === undefined) return []
    if (!isInParts(occurrence)) return [{ ...piece, text }]
    // How it falls into parts, only the later render says; that they make up the expected one is asked here.
    const moved = later.get(occurrence.key)
    return moved !== undefined && joinedText(moved) === text
      ? partsAt(place, occurrence, moved, now)
      : []
  })
  return spliceText(String(value), replacements)
}

/** The parts of a reference that stand in one text, with what stands for them in a later one. */
function partsAt(
  place: string,
  { pieces }: Occurrence,
  moved: Occurrence,
  now: string,
): Replacement[] {
  const isHere = ({ path }: Piece) => formatLeafPath(path) === place
  const later = moved.pieces.filter(isHere)
  const own = pieces.filter(isHere)
  // A registry that was empty is a part only afterwards; it stands first.
  const added = later.length - own.length
  return own.flatMap(({ start, end }, index) => {
    const piece = later[index + added]
    return piece === undefined ? [] : [{ start, end, text: now.slice(piece.start, piece.end) }]
  })
}
