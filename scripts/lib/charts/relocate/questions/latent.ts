import type { OpenQuestion } from '../../../model/chart/question.ts'
import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import { documentKey, scalarsOfDocument } from '../../render/documents.ts'
import { type Occurrence, searchReferences } from '../../find/find.ts'
import { joinedText } from '../prove/joined.ts'
import { type Slot, slotsIn, withoutMarkers } from '../solve/slots.ts'
import type { Marked } from '../solve/taint.ts'
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
  const keys = new Set(known.map(({ key }) => key))
  const { occurrences } = await searchReferences(documents, signal)
  const names = known.map(joinedText)
  // Another filled leaf may have added a container, so that a known reference is at another place.
  const isPrefixed = (text: string) => {
    const rest = withoutMarkers(text)
    return /[/:]/.test(rest) && names.some((name) => name.endsWith(rest))
  }
  const sites = new Map<Slot, Site>()
  const feeding = new Set<Slot>()
  const covered = new Set<string>()
  for (const occurrence of occurrences) {
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
      if (typeof value !== 'string' || !value.includes('zqa')) continue
      if (groups(path) || covered.has(placeKey({ document, path }))) continue
      const filled = slotsOf(value, slots)
      // A dump of all values repeats every leaf.
      if (filled.length >= 4 && filled.length * 2 >= slots.length) continue
      for (const slot of filled) if (!sites.has(slot)) sites.set(slot, { document, path })
    }
  }
  return [...sites].flatMap(([slot, site]): OpenQuestion[] =>
    feeding.has(slot)
      ? []
      : [{ kind: 'latent', leaf: formatLeafPath(slot.path), variant, ...describeSite(site) }],
  )
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
