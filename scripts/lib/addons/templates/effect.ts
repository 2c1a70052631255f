import type { RenderedDocument } from '../../charts/documents.ts'
import { findReferences } from '../../charts/find/find.ts'
import { joinedText } from '../../charts/relocate/joined.ts'

/**
 * What a templated leaf does to the images of a chart. `composes`: these references are made of it, so that a cluster
 * pulls others. `adds`: with another value these are pulled, too. `untested`: the chart does not render with any value
 * that was tried.
 */
export type LeafEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'untested' }
  | { readonly kind: 'composes' | 'adds'; readonly references: readonly string[] }

/** Text that stands for a template: legal as a tag, as a part of a path, and as a version. */
export const probeText = '9.9.9-airlift'

/** Compares the images of a render without templates with those of one with another text in their place. */
export function compareImages(
  before: readonly RenderedDocument[],
  after: readonly RenderedDocument[],
): LeafEffect {
  const known = imagesOf(before)
  const texts = new Set(known.values())
  const now = imagesOf(after)
  const changed = [...known].flatMap(([key, text]) => {
    const other = now.get(key)
    // One that is pulled anyway may have moved up because of a document before it.
    return other === undefined || texts.has(other) ? [] : [text]
  })
  // Where a digest should be, the text is no reference at all any more.
  const broken = findReferences(after).oddities.filter(({ text }) => text.includes(probeText))
  if (changed.length > 0 || broken.length > 0) {
    const gone = [...known].flatMap(([key, text]) => (now.has(key) ? [] : [text]))
    const references = broken.length > 0 ? [...changed, ...gone] : changed
    return { kind: 'composes', references: [...new Set(references)] }
  }
  const added = [...now.values()].filter((text) => !texts.has(text))
  if (added.length === 0) return { kind: 'none' }
  const shown = added.map((text) => text.replaceAll(probeText, '{{ … }}'))
  return { kind: 'adds', references: [...new Set(shown)] }
}

/** What is pulled, by its place; text that only might be an image does not count. */
function imagesOf(documents: readonly RenderedDocument[]): Map<string, string> {
  const { occurrences } = findReferences(documents)
  return new Map(
    occurrences
      .filter((occurrence) => occurrence.class !== 'potential')
      .map((occurrence) => [occurrence.key, joinedText(occurrence)]),
  )
}
