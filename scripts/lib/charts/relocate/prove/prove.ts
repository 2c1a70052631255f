import { append, groupBy } from '../../../model/collections.ts'
import { finish, type Steps } from '../../../steps/steps.ts'
import {
  documentKey,
  isDefinition,
  isUnread,
  type RenderedDocument,
} from '../../render/documents.ts'
import { type Occurrence, searchInSteps } from '../../find/find.ts'
import {
  type Change,
  compareDocument,
  type Expectation,
  furtherPlaces,
  type Known,
} from './compare.ts'
import type { Given } from './given.ts'
import { isChecksum, isEcho, renamedIn } from './derived.ts'
import { joinedText } from './joined.ts'

export type { Change, Expectation } from './compare.ts'

/** A reference that is not at its destination. */
export interface Misplaced {
  readonly occurrence: Occurrence
  readonly expected: string
  /** The actual text; absent when the place is gone. */
  readonly actual?: string
}

export interface Comparison {
  readonly checked: number
  readonly misplaced: readonly Misplaced[]
  /** References to public registries that only the overridden render has. */
  readonly appeared: readonly Occurrence[]
  /** Differences that no reference explains. */
  readonly changes: readonly Change[]
  /** Changes that follow from the override itself: checksums of changed content, and values that a chart repeats. */
  readonly derived: readonly Change[]
  /** Everything found in the overridden render. */
  readonly after: readonly Occurrence[]
}

export interface Demands {
  readonly expect: Expectation
  readonly registry: string
  readonly given: Given
  /** References that repeat others; they may become anything that follows from the override. */
  readonly followers?: ReadonlySet<Occurrence>
  /** Values by which an operator is told where to pull from; a resource may repeat them. */
  readonly told?: ReadonlySet<string>
}

/**
 * Compares a baseline with its overridden render: each reference must have become its destination, and nothing else
 * may differ.
 */
export function compareRenders(
  baseline: readonly RenderedDocument[],
  occurrences: readonly Occurrence[],
  overridden: readonly RenderedDocument[],
  demands: Demands,
): Comparison {
  return finish(compareInSteps(baseline, occurrences, overridden, demands))
}

/** Compares like `compareRenders`, in steps. */
export function* compareInSteps(
  baseline: readonly RenderedDocument[],
  occurrences: readonly Occurrence[],
  overridden: readonly RenderedDocument[],
  { expect, registry, given, followers, told = new Set() }: Demands,
): Steps<Comparison> {
  const { occurrences: after } = yield* searchInSteps(overridden)
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
  const before = new Map(occurrences.map((occurrence) => [occurrence.key, occurrence]))
  const appeared = after.filter((now) => {
    if (now.class === 'potential' || now.reference.registry === registry) return false
    const was = before.get(now.key)
    if (was === undefined) return true
    if (followers?.has(was)) return false
    // Wanted references were checked above. Nothing else may replace an unwanted one.
    return expect(was) === undefined && joinedText(was) !== joinedText(now)
  })
  const faults = new Set(misplaced.map(({ occurrence }) => occurrence.key))
  const differences = yield* compareRest(baseline, overridden, {
    occurrences,
    later: byKey,
    faults,
    expect,
  })
  return {
    checked,
    misplaced,
    appeared,
    after,
    ...(yield* separate(differences, given, told)),
  }
}

/** Yields every difference apart from the references themselves. */
function* compareRest(
  baseline: readonly RenderedDocument[],
  overridden: readonly RenderedDocument[],
  known: Known,
): Steps<Change[]> {
  const after = new Map(overridden.map((document) => [documentKey(document), document]))
  const inDocument = groupBy(known.occurrences, ({ document }) => documentKey(document))
  const changes: Change[] = []
  const note = (document: RenderedDocument, path: string, old: string, now: string) => {
    changes.push({ document, path, before: old, after: now, isOfOneKind: false })
  }
  for (const document of baseline) {
    const key = documentKey(document)
    const now = after.get(key)
    after.delete(key)
    if (isUnread(document) || (now !== undefined && isUnread(now))) {
      note(document, unreadPlace, 'YAML', 'text that cannot be read')
    }
    if (now === undefined) {
      note(document, '', document.kind, 'no document')
    } else if (now.text !== document.text) {
      const own = inDocument.get(key) ?? []
      append(changes, yield* compareDocument(document, now, { ...known, occurrences: own }))
    }
  }
  for (const document of after.values()) {
    note(document, '', '', `a new ${document.kind}`)
  }
  return changes
}

/** The path of an unread document: how helm interprets it is not known. */
export const unreadPlace = '(whole)'

function* separate(
  differences: readonly Change[],
  given: Given,
  told: ReadonlySet<string>,
): Steps<Pick<Comparison, 'changes' | 'derived'>> {
  const changes: Change[] = []
  const derived: Change[] = []
  const renamed = renamedIn(differences)
  for (const change of differences) {
    const isDerived =
      isTold(change, told) || isChecksum(change, renamed) || (yield* isEcho(change, given))
    if (isDerived) derived.push(change)
    else changes.push(change)
    yield
  }
  return { changes, derived }
}

/** True for a field of a resource that is just what an operator is told, in one piece or several. */
function isTold({ path, before, after, document }: Change, told: ReadonlySet<string>): boolean {
  if (told.size === 0 || podKinds.has(document.kind)) return false
  // What fills an empty mapping is a change of its own.
  if (before === '{}' && after === 'nothing') return /^(?:spec|data|stringData)\b/.test(path)
  if (!/^(?:spec|data|stringData)[.[]/.test(path)) return false
  if (![...told].some((text) => after.includes(text))) return false
  // The longest first, because one may be part of another.
  const texts = [...told].toSorted((a, b) => b.length - a.length)
  return /^[/:]*$/.test(texts.reduce((rest, text) => rest.replaceAll(text, ''), after))
}

/** Kinds that run something themselves: what they run is compared strictly. */
const podKinds: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'Job',
  'CronJob',
])

const nothingKnown: Known = {
  occurrences: [],
  later: new Map(),
  faults: new Set(),
  expect: () => undefined,
}

/** Returns the differences between two renders of the same values: what a chart generates each time. */
export function unstablePlaces(
  first: readonly RenderedDocument[],
  second: readonly RenderedDocument[],
): Set<string> {
  return new Set(finish(unstableInSteps(first, second)).keys())
}

/** Finds them in steps, with the differences at each path. */
export function* unstableInSteps(
  first: readonly RenderedDocument[],
  second: readonly RenderedDocument[],
): Steps<Map<string, Change>> {
  const changes = yield* compareRest(first, second, nothingKnown)
  // An unlisted difference counts, because it is not known to change each time. Content that comes and goes at random
  // has no shape.
  const listed = changes.filter(({ path, isOfOneKind }) => isOfOneKind && path !== furtherPlaces)
  return new Map(listed.map((change) => [changePlace(change), change]))
}

export function changePlace({ document, path }: Change): string {
  return `${documentKey(document)}:${isDefinition(document) ? 'text' : path}`
}
