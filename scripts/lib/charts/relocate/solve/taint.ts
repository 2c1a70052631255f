import { append, groupBy } from '../../../model/collections.ts'
import type { Result } from '../../../model/problem.ts'
import { nodeAt, type ValuesTree } from '../../../model/values/values.ts'
import { spliceText } from '../../../model/text/splice.ts'
import { interruptible } from '../../../steps/interruptible.ts'
import type { Steps } from '../../../steps/steps.ts'
import { documentKey, type RenderedDocument, scalarsOfDocument } from '../../render/documents.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import { joinSpans } from '../../find/parts.ts'
import { createPathNamer } from '../../find/place.ts'
import { joinedText } from '../prove/joined.ts'
import {
  markedValues,
  type Pattern,
  readPattern,
  type Slot,
  slotKey,
  slotsIn,
  withoutMarkers,
} from './slots.ts'

/** The result of a render with marked leaves. */
export interface Taint {
  readonly slots: readonly Slot[]
  /** The composition of each occurrence, by its key; absent if its markers were split. */
  readonly patterns: ReadonlyMap<string, Pattern>
  /** Returns the keys of the slots that contribute to an occurrence. */
  readonly slotsOf: (occurrence: string) => readonly string[]
  /** Keys of slots that also occur outside references. */
  readonly strays: ReadonlySet<string>
}

export type RenderWith = (over: ValuesTree) => Promise<Result<readonly RenderedDocument[]>>

/**
 * Renders a chart with all slots marked at once, and finds which of them feed which reference. Slots that break the
 * render are found by bisection and excluded, as are those that switch something on.
 *
 * @param known every occurrence of the baseline
 */
export async function taint(
  slots: readonly Slot[],
  values: ValuesTree,
  known: readonly Occurrence[],
  { render, signal }: TaintDoors,
): Promise<Taint> {
  const marked = await renderMarked(slots, values, render)
  if (marked === undefined) return nothing()
  let { documents, slots: good } = marked
  let found = await searchReferences(documents, signal)
  const switches = switchesIn(found.occurrences, good, known)
  if (switches.size > 0) {
    good = good.filter((slot) => !switches.has(slotKey(slot)))
    const again = await render(markedValues(values, good))
    if (!again.ok) return nothing()
    documents = again.value
    found = await searchReferences(documents, signal)
  }
  const { occurrences } = found
  const strays = findStrays(documents, occurrences, good, known)
  return readTaint(
    { documents, occurrences, slots: good },
    known,
    await interruptible(strays, signal),
  )
}

export interface TaintDoors {
  readonly render: RenderWith
  readonly signal: AbortSignal
}

/** A render with marked leaves. */
export interface Marked {
  readonly documents: readonly RenderedDocument[]
  /** The marked leaves; those that break the render are left out. */
  readonly slots: readonly Slot[]
}

/** Renders a chart with all slots marked, apart from those that break the render. Undefined if none can be marked. */
export async function renderMarked(
  slots: readonly Slot[],
  values: ValuesTree,
  render: RenderWith,
): Promise<Marked | undefined> {
  const attempt = (some: readonly Slot[]) => render(markedValues(values, some))
  const all = await attempt(slots)
  if (all.ok) return { documents: all.value, slots }
  const good = await withoutBreakers(slots, attempt, { left: maximumSearch })
  const rendered = await attempt(good)
  return rendered.ok ? { documents: rendered.value, slots: good } : undefined
}

function nothing(): Taint {
  return { slots: [], patterns: new Map(), slotsOf: () => [], strays: new Set() }
}

/**
 * Returns empty slots that add an image of their own: `{{ with .Values.debug.image }}` renders another container, which
 * shifts its neighbors. They appear alone in a document with more references than before.
 */
function switchesIn(
  marked: readonly Occurrence[],
  slots: readonly Slot[],
  known: readonly Occurrence[],
): Set<string> {
  const before = groupBy(known, ({ document }) => documentKey(document))
  const now = groupBy(marked, ({ document }) => documentKey(document))
  const switches = new Set<string>()
  for (const [key, occurrences] of now) {
    if (occurrences.length <= (before.get(key)?.length ?? 0)) continue
    for (const occurrence of occurrences) {
      const [segment, ...others] = readPattern(joinedText(occurrence), slots) ?? []
      const slot = segment !== undefined && 'slot' in segment ? slots[segment.slot] : undefined
      if (slot?.value === '' && others.length === 0) switches.add(slotKey(slot))
    }
  }
  return switches
}

/** Maximum renders in a search for breaking slots. A chart that rejects every change would take hundreds. */
const maximumSearch = 24

/** Returns the slots with which the chart still renders, as far as the budget allows. */
async function withoutBreakers(
  slots: readonly Slot[],
  attempt: (some: readonly Slot[]) => Promise<Result<unknown>>,
  budget: { left: number },
): Promise<Slot[]> {
  if (slots.length <= 1) return []
  const middle = Math.ceil(slots.length / 2)
  const good: Slot[] = []
  for (const half of [slots.slice(0, middle), slots.slice(middle)]) {
    budget.left -= 1
    if (budget.left < 0) break
    const result = await attempt(half)
    append(good, result.ok ? half : await withoutBreakers(half, attempt, budget))
  }
  return good
}

function readTaint(
  { documents, occurrences, slots }: Marked & { readonly occurrences: readonly Occurrence[] },
  known: readonly Occurrence[],
  strays: ReadonlySet<string>,
): Taint {
  const marked = new Map(occurrences.map((occurrence) => [occurrence.key, occurrence]))
  const byKey = new Map(documents.map((document) => [documentKey(document), document]))
  const patterns = new Map<string, Pattern>()
  for (const occurrence of known) {
    const twin = marked.get(occurrence.key)
    const text =
      twin === undefined
        ? filledText(occurrence, byKey.get(documentKey(occurrence.document)))
        : joinedText(twin)
    const pattern = text === undefined ? undefined : readPattern(text, slots)
    if (pattern !== undefined) patterns.set(occurrence.key, pattern)
  }
  return {
    slots,
    patterns,
    slotsOf: (occurrence) => slotKeysOf(patterns.get(occurrence) ?? [], slots),
    strays,
  }
}

/** Returns the keys of the slots in a pattern. */
export function slotKeysOf(pattern: Pattern, slots: readonly Slot[]): string[] {
  return slotsOfPattern(pattern, slots).map(slotKey)
}

/** Returns the slots in a pattern. */
export function slotsOfPattern(pattern: Pattern, slots: readonly Slot[]): Slot[] {
  return pattern.flatMap((segment) => {
    const slot = 'slot' in segment ? slots[segment.slot] : undefined
    return slot === undefined ? [] : [slot]
  })
}

/**
 * Returns what is in the place of a reference if that is only a filled leaf, which is not recognized as an image in every
 * field; undefined otherwise.
 */
export function filledText(
  { pieces }: Occurrence,
  now: RenderedDocument | undefined,
): string | undefined {
  const [piece, ...others] = pieces
  if (piece === undefined || others.length > 0 || now?.root === undefined) return undefined
  const text = nodeAt(now.root, piece.path)
  return typeof text === 'string' && withoutMarkers(text) === '' ? text : undefined
}

function* findStrays(
  documents: readonly RenderedDocument[],
  marked: readonly Occurrence[],
  slots: readonly Slot[],
  known: readonly Occurrence[],
): Steps<Set<string>> {
  const before = groupBy(known, ({ document }) => documentKey(document))
  const own = groupBy(marked, ({ document }) => documentKey(document))
  const strays = new Set<string>()
  for (const document of documents) {
    if (!document.text.includes('zqa')) continue
    const pieces = (own.get(documentKey(document)) ?? []).flatMap((occurrence) => occurrence.pieces)
    const placeOf = createPathNamer((path) => path.join('\0'))
    const here = groupBy(pieces, ({ path }) => placeOf(path))
    const filled = new Set(
      (before.get(documentKey(document)) ?? [])
        .filter((occurrence) => filledText(occurrence, document) !== undefined)
        .map((occurrence) => placeOf(occurrence.pieces[0]?.path ?? [])),
    )
    for (const { path, value } of scalarsOfDocument(document)) {
      if (typeof value !== 'string' || !value.includes('zqa')) continue
      if (filled.has(placeOf(path))) continue
      const rest = joinSpans(here.get(placeOf(path)) ?? [])
      const text = spliceText(
        value,
        rest.map((span) => ({ ...span, text: '' })),
      )
      for (const id of slotsIn(text)) {
        const slot = slots[id]
        if (slot !== undefined) strays.add(slotKey(slot))
      }
      yield
    }
  }
  return strays
}
