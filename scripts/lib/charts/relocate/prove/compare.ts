import { groupBy } from '../../../model/collections.ts'
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
 * Returns what a baseline reference must be after the relocation. Returns undefined for an unwanted one, unless
 * `isForced` asks for its destination anyway.
 */
export type Expectation = (occurrence: Occurrence, isForced?: boolean) => string | undefined

/** A difference that is not a reference. */
export interface Change {
  readonly document: RenderedDocument
  readonly path: string
  /** The original text, with its references redirected. */
  readonly before: string
  readonly after: string
  /** Both sides are texts, or both are numbers: nothing was added or removed, and the type did not change. */
  readonly isOfOneKind: boolean
}

/** Maximum of listed differences per document. A document with more of them is not understood anyway. */
const maximumChanges = 1_000

/** The path of the differences beyond those listed. It is never the path of a single one. */
export const furtherPlaces = '…'

/** The path of integers that are too long to be compared as numbers. */
const longNumbersPlace = '(long numbers)'

/** Returns the integers of more than 15 digits, in order: Kubernetes stores them exactly, and a double does not. */
function longNumbers(text: string): string {
  const number = /(?<![\w.])(?:0[xX][\da-fA-F_]{13,}|0[bB][01_]{50,}|\d[\d_]{14,})(?!\w)/g
  return (text.match(number) ?? []).join(' ')
}

/** The known references of a document in both renders. */
export interface Known {
  /** Those in the baseline document. */
  readonly occurrences: readonly Occurrence[]
  /** Those in the later render, by key. */
  readonly later: ReadonlyMap<string, Occurrence>
  /** Keys of misplaced references. */
  readonly faults: ReadonlySet<string>
  readonly expect: Expectation
}

/** Yields the differences between two renders of a document, apart from its references. */
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
      // To Kubernetes, a null is nothing; helm adds nulls when a subchart is given any values.
      if (twin === value || (twin === undefined && value === null)) return
      const place = formatLeafPath(path)
      const here = { place, value, occurrences: byPlace.get(place) ?? [] }
      // A misplaced reference is already reported there.
      if (here.occurrences.some(({ key }) => faults.has(key))) return
      if (explains(here, twin, known)) return
      const text = twin === undefined ? 'nothing' : String(twin)
      const isScalar = typeof value === 'string' || typeof value === 'number'
      note(place, spellNearest(here, text, known), text, isScalar && typeof twin === typeof value)
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

/** Returns a document as a tree; one that was not parsed is a single text. */
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
 * True when a scalar with the expected references equals the current one. An unwanted reference may stay or move,
 * because it can share its leaf with a wanted one.
 */
function explains(here: Here, now: Scalar | undefined, known: Known): boolean {
  const { value, occurrences } = here
  if (occurrences.length === 0 || now === undefined) return false
  // A numeric tag may become a string.
  if (typeof value !== 'string' && !occurrences.some(isInParts)) return false
  if (typeof now !== 'string' && typeof now !== typeof value) return false
  const text = String(now)
  return [false, true].some((isForced) => spell(here, text, known, isForced) === text)
}

/** Returns a scalar as expected, with its unwanted references moved only if that has more lines of the current one. */
function spellNearest(here: Here, now: string, known: Known): string {
  const lines = new Set(now.split('\n'))
  const count = (text: string) => text.split('\n').filter((line) => lines.has(line)).length
  const [stayed, moved] = [spell(here, now, known, false), spell(here, now, known, true)]
  return count(moved) > count(stayed) ? moved : stayed
}

function isInParts({ pieces }: Occurrence): boolean {
  return pieces.length > 1
}

/** A scalar with the references it contains, in whole or in part. */
interface Here {
  readonly place: string
  readonly value: Scalar
  readonly occurrences: readonly Occurrence[]
}

/** Returns a scalar as expected, with its references redirected. */
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
    // Only the later render shows how it is split into parts; this checks that they add up to the expected reference.
    const moved = later.get(occurrence.key)
    return moved !== undefined && joinedText(moved) === text
      ? partsAt(place, occurrence, moved, now)
      : []
  })
  return spliceText(String(value), distinct(replacements))
}

/** Returns each replacement once: where a part belongs to two readings of an image, both replace it. */
function distinct(replacements: readonly Replacement[]): Replacement[] {
  const byText = groupBy(replacements, ({ start, end, text }) => JSON.stringify([start, end, text]))
  return [...byText.values()].flatMap(([first]) => first ?? [])
}

/** Returns the parts of a reference in one text, with their replacements in the later one. */
function partsAt(
  place: string,
  { pieces }: Occurrence,
  moved: Occurrence,
  now: string,
): Replacement[] {
  const isHere = ({ path }: Piece) => formatLeafPath(path) === place
  const later = moved.pieces.filter(isHere)
  const own = pieces.filter(isHere)
  // A registry that was empty is a part only in the later render, where it comes first.
  const added = later.length - own.length
  return own.flatMap(({ start, end }, index) => {
    const piece = later[index + added]
    return piece === undefined ? [] : [{ start, end, text: now.slice(piece.start, piece.end) }]
  })
}
