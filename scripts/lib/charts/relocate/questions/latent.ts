import type { OpenQuestion } from '../../../model/chart/question.ts'
import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import { documentKey, scalarsOfDocument } from '../../render/documents.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import { interruptible } from '../../../steps/interruptible.ts'
import type { Steps } from '../../../steps/steps.ts'
import { joinedText } from '../prove/joined.ts'
import { type Slot, slotsIn, withoutMarkers } from '../solve/slots.ts'
import { filledText, type Marked } from '../solve/taint.ts'
import { createEndings } from './endings.ts'
import { describeSite, type Site } from './site.ts'

/**
 * Returns the empty leaves that can name an image: filled, they bring a reference that the baseline does not have, or
 * end up in text for a program. Leaves that only take precedence over others for a known reference are no question.
 */
export async function findLatent(
  variant: string,
  { documents, slots }: Marked,
  known: readonly Occurrence[],
  signal: AbortSignal,
): Promise<OpenQuestion[]> {
  const { occurrences } = await searchReferences(documents, signal)
  const marked = { documents, slots, occurrences }
  const sites = await interruptible(sitesInSteps(marked, known), signal)
  return [...sites].map(([slot, site]) => ({
    kind: 'latent',
    leaf: formatLeafPath(slot.path),
    variant,
    ...describeSite(site),
  }))
}

interface MarkedRender extends Marked {
  readonly occurrences: readonly Occurrence[]
}

/** Returns where each empty leaf ends up that feeds no known reference. */
function* sitesInSteps(
  { documents, slots, occurrences }: MarkedRender,
  known: readonly Occurrence[],
): Steps<Map<Slot, Site>> {
  const keys = new Set(known.map(({ key }) => key))
  const isEnding = createEndings(known.map(joinedText))
  // Another filled leaf may have added a container, so that a known reference is at another place.
  const isPrefixed = (text: string) => {
    const rest = withoutMarkers(text)
    return /[/:]/.test(rest) && isEnding(rest)
  }
  const sites = new Map<Slot, Site>()
  const feeding = new Set<Slot>()
  const covered = new Set<string>()
  for (const occurrence of occurrences) {
    yield
    const { key, document, pieces } = occurrence
    const text = joinedText(occurrence)
    const filled = slotsOf(text, slots)
    const [piece] = pieces
    if (filled.length === 0 || piece === undefined) continue
    for (const { path } of pieces) covered.add(placeKey({ document, path }))
    for (const slot of filled) {
      if (keys.has(key) || isPrefixed(text)) feeding.add(slot)
      else if (!sites.has(slot)) sites.set(slot, { document, path: piece.path })
    }
  }
  for (const document of documents) {
    if (!document.text.includes('zqa') && document.kind !== 'Secret') continue
    for (const { path, value } of scalarsOfDocument(document)) {
      yield
      if (typeof value !== 'string' || !value.includes('zqa')) continue
      if (groups(path) || covered.has(placeKey({ document, path }))) continue
      const filled = slotsOf(value, slots)
      // A dump of all values repeats every leaf.
      if (filled.length >= 4 && filled.length * 2 >= slots.length) continue
      for (const slot of filled) if (!sites.has(slot)) sites.set(slot, { document, path })
    }
  }
  const byKey = new Map(documents.map((document) => [documentKey(document), document]))
  for (const occurrence of known) {
    const text = filledText(occurrence, byKey.get(documentKey(occurrence.document)))
    for (const slot of slotsOf(text ?? '', slots)) feeding.add(slot)
  }
  for (const slot of feeding) sites.delete(slot)
  return sites
}

function slotsOf(text: string, slots: readonly Slot[]): Slot[] {
  const ids = new Set(slotsIn(text))
  return [...ids].flatMap((id) => slots[id] ?? [])
}

function placeKey({ document, path }: Site): string {
  return `${documentKey(document)}:${path.join('\0')}`
}

/** True for a field that names or groups resources: nothing is pulled from it. */
function groups(path: Site['path']): boolean {
  return path.some(
    (step, index) =>
      step === 'labels' ||
      step === 'matchLabels' ||
      (step === 'metadata' && (path[index + 1] === 'name' || path[index + 1] === 'namespace')),
  )
}
