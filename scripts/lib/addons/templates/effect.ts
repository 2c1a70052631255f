import { documentKey, type RenderedDocument } from '../../charts/render/documents.ts'
import { type Occurrence, searchReferences } from '../../charts/find/find.ts'
import { joinedText } from '../../charts/relocate/prove/joined.ts'

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

/**
 * Compares the images of a render without templates with those of one with another text in their place. Throws
 * `ProblemError` when the signal is aborted.
 *
 * @param before every reference of the render without templates
 */
export async function compareImages(
  before: readonly Occurrence[],
  after: readonly RenderedDocument[],
  signal: AbortSignal,
): Promise<LeafEffect> {
  const pulled = before.filter(isPulled)
  const known = imagesOf(pulled)
  const texts = new Set(known.values())
  const { occurrences } = await searchReferences(after, signal)
  const now = imagesOf(occurrences.filter(isPulled))
  const changed = [...known].flatMap(([key, text]) => {
    const other = now.get(key)
    // One that is pulled anyway may have moved up because of a document before it.
    return other === undefined || texts.has(other) ? [] : [text]
  })
  const composed = [...changed, ...unreadable(pulled, after, now)]
  if (composed.length > 0) return { kind: 'composes', references: [...new Set(composed)] }
  const added = [...now.values()].filter((text) => !texts.has(text))
  if (added.length === 0) return { kind: 'none' }
  const shown = added.map((text) => text.replaceAll(probeText, '{{ … }}'))
  return { kind: 'adds', references: [...new Set(shown)] }
}

/**
 * References whose place has a text of the probe that is none any more: in a digest, or as a host in an argument.
 */
function unreadable(
  before: readonly Occurrence[],
  after: readonly RenderedDocument[],
  now: ReadonlyMap<string, string>,
): string[] {
  const texts = new Map(after.map((document) => [documentKey(document), document.text]))
  return before.flatMap((occurrence) => {
    const isProbed = texts.get(documentKey(occurrence.document))?.includes(probeText) ?? false
    return isProbed && !now.has(occurrence.key) ? [joinedText(occurrence)] : []
  })
}

/** Texts by their places. */
function imagesOf(occurrences: readonly Occurrence[]): Map<string, string> {
  return new Map(occurrences.map((occurrence) => [occurrence.key, joinedText(occurrence)]))
}

/** Text that only might be an image does not count. */
function isPulled(occurrence: Occurrence): boolean {
  return occurrence.class !== 'potential'
}
