import { groupBy } from '../../model/collections.ts'
import { formatLeafPath } from '../../model/leaf-path.ts'
import {
  documentKey,
  type DocumentScalar,
  isDefinition,
  type RenderedDocument,
  scalarsOfDocument,
} from '../documents.ts'
import { findReferences, type Occurrence } from '../find/find.ts'
import { isChecksum, isEcho } from './derived.ts'
import { joinedText } from './joined.ts'

/**
 * What a reference of a baseline must be after the relocation; nothing for one that is not wanted, unless its
 * destination is asked for all the same.
 */
export type Expectation = (occurrence: Occurrence, isForced?: boolean) => string | undefined

/** A reference that is not where it should be. */
export interface Misplaced {
  readonly occurrence: Occurrence
  readonly expected: string
  /** What stands there; nothing when the place is gone. */
  readonly actual?: string
}

/** A place that differs though it is no reference. */
export interface Change {
  readonly document: RenderedDocument
  readonly path: string
  /** As it was, with the references in it moved. */
  readonly before: string
  readonly after: string
}

export interface Comparison {
  readonly checked: number
  readonly misplaced: readonly Misplaced[]
  /** References to public registries that only the overridden render has. */
  readonly appeared: readonly Occurrence[]
  /** Differences that no reference explains. */
  readonly changes: readonly Change[]
  /** What follows from the override itself: checksums of what has changed, and values that a chart writes down again. */
  readonly derived: readonly Change[]
}

export interface Demands {
  readonly expect: Expectation
  readonly registry: string
  /** Every value that the override gives. */
  readonly given: ReadonlySet<unknown>
}

/**
 * Compares a baseline with its overridden render: each reference must have become its destination, and nothing else
 * may differ.
 */
export function compareRenders(
  baseline: readonly RenderedDocument[],
  occurrences: readonly Occurrence[],
  overridden: readonly RenderedDocument[],
  { expect, registry, given }: Demands,
): Comparison {
  const after = findReferences(overridden).occurrences
  const byKey = new Map(after.map((occurrence) => [occurrence.key, occurrence]))
  const misplaced: Misplaced[] = []
  let checked = 0
  for (const occurrence of occurrences) {
    const expected = expect(occurrence)
    if (expected === undefined) continue
    checked += 1
    const now = byKey.get(occurrence.key)
    const actual = now && joinedText(now)
    if (actual === expected) continue
    misplaced.push({ occurrence, expected, ...(actual !== undefined && { actual }) })
  }
  const known = new Set(occurrences.map(({ key }) => key))
  const appeared = after.filter(
    ({ key, class: sure, reference }) =>
      !known.has(key) && sure !== 'potential' && reference.registry !== registry,
  )
  const faults = new Set(misplaced.map(({ occurrence }) => occurrence.key))
  const differences = compareRest(baseline, overridden, occurrences, faults, expect)
  return {
    checked,
    misplaced,
    appeared,
    ...separate(differences, given),
  }
}

/** Everything that differs beside the references themselves. */
function compareRest(
  baseline: readonly RenderedDocument[],
  overridden: readonly RenderedDocument[],
  occurrences: readonly Occurrence[],
  faults: ReadonlySet<string>,
  expect: Expectation,
): Change[] {
  const after = new Map(overridden.map((document) => [documentKey(document), document]))
  const inDocument = groupBy(occurrences, ({ document }) => documentKey(document))
  const changes: Change[] = []
  for (const document of baseline) {
    const key = documentKey(document)
    const now = after.get(key)
    after.delete(key)
    if (now === undefined) {
      changes.push({ document, path: '', before: document.kind, after: 'the document is gone' })
    } else if (now.text !== document.text) {
      const own = inDocument.get(key) ?? []
      changes.push(...compareDocument(document, now, own, faults, expect))
    }
  }
  for (const document of after.values()) {
    changes.push({ document, path: '', before: '', after: `a new ${document.kind}` })
  }
  return changes
}

function compareDocument(
  before: RenderedDocument,
  after: RenderedDocument,
  occurrences: readonly Occurrence[],
  faults: ReadonlySet<string>,
  expect: Expectation,
): Change[] {
  const now = new Map(
    [...scalarsOfDocument(after)].map(({ path, value }) => [formatLeafPath(path), value]),
  )
  const byPlace = new Map<string, Occurrence[]>()
  for (const occurrence of occurrences) {
    for (const { path } of occurrence.pieces) {
      const place = formatLeafPath(path)
      byPlace.set(place, [...(byPlace.get(place) ?? []), occurrence])
    }
  }
  const changes: Change[] = []
  for (const scalar of scalarsOfDocument(before)) {
    const place = formatLeafPath(scalar.path)
    const value = now.get(place)
    now.delete(place)
    const here = byPlace.get(place) ?? []
    // To Kubernetes a null is nothing; helm adds some when a subchart is given any values at all.
    if (value === scalar.value || (value === undefined && scalar.value === null)) continue
    // A reference in parts is compared as a whole; where one is wrong already, that says enough.
    if (here.some(({ key, pieces }) => pieces.length > 1 || faults.has(key))) continue
    if (explains(scalar, here, value, expect)) continue
    changes.push({
      document: before,
      path: place,
      before: spell(scalar, here, expect, false),
      after: value === undefined ? 'nothing' : String(value),
    })
  }
  for (const [path, value] of now) {
    if (value === null) continue
    changes.push({ document: before, path, before: 'nothing', after: String(value) })
  }
  return changes
}

/**
 * True when putting the expected references into a string gives what stands there now. One that is not wanted may stay
 * or move: it can share its leaf with one that is.
 */
function explains(
  scalar: DocumentScalar,
  here: readonly Occurrence[],
  now: unknown,
  expect: Expectation,
): boolean {
  if (typeof scalar.value !== 'string' || here.length === 0) return false
  return [false, true].some((isForced) => spell(scalar, here, expect, isForced) === now)
}

function spell(
  { value }: DocumentScalar,
  here: readonly Occurrence[],
  expect: Expectation,
  isForced: boolean,
): string {
  let text = String(value)
  for (const occurrence of here.toSorted((a, b) => startOf(b) - startOf(a))) {
    const [piece] = occurrence.pieces
    const expected = expect(occurrence, isForced)
    if (piece === undefined || expected === undefined) continue
    text = text.slice(0, piece.start) + expected + text.slice(piece.end)
  }
  return text
}

function startOf({ pieces }: Occurrence): number {
  return pieces[0]?.start ?? 0
}

function separate(
  differences: readonly Change[],
  given: ReadonlySet<unknown>,
): Pick<Comparison, 'changes' | 'derived'> {
  const isDerived = (change: Change) => isChecksum(change) || isEcho(change, given)
  return {
    changes: differences.filter((change) => !isDerived(change)),
    derived: differences.filter(isDerived),
  }
}

/** The differences between two renders of the same values: what a chart makes anew each time. */
export function unstablePlaces(
  first: readonly RenderedDocument[],
  second: readonly RenderedDocument[],
): Set<string> {
  const changes = compareRest(first, second, [], new Set(), () => undefined)
  return new Set(changes.map(placeOf))
}

export function placeOf({ document, path }: Change): string {
  return `${documentKey(document)}:${isDefinition(document) ? 'text' : path}`
}
