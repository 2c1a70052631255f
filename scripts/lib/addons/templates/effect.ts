import { documentKey, type RenderedDocument } from '../../charts/render/documents.ts'
import { type Occurrence, searchReferences } from '../../charts/find/find.ts'
import { joinedText } from '../../charts/relocate/prove/joined.ts'

/**
 * The effect of a templated leaf on the images of a chart. `composes`: these references depend on it, so a cluster may
 * pull others. `adds`: with another value, these are also pulled. `untested`: the chart did not render with any value
 * that was tried.
 */
export type LeafEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'untested' }
  | { readonly kind: 'composes' | 'adds'; readonly references: readonly string[] }

/** Text that replaces a template: valid as a tag, as a part of a path, and as a version. */
export const probeText = '9.9.9-airlift'

/**
 * Compares the images of a render without templates with those of one with other text in their place. Throws
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
    // An image that is pulled anyway may have moved up because of an earlier document.
    return other === undefined || texts.has(other) ? [] : [text]
  })
  const composed = [...changed, ...unreadable(pulled, after, now)]
  if (composed.length > 0) return { kind: 'composes', references: [...new Set(composed)] }
  const added = [...now.values()].filter((text) => !texts.has(text))
  if (added.length === 0) return { kind: 'none' }
  const shown = added.map((text) => text.replaceAll(probeText, '{{ … }}'))
  return { kind: 'adds', references: [...new Set(shown)] }
}

/** Returns references that the probe text makes invalid: in a digest, or as a host in an argument. */
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

/** Returns reference texts by key. */
function imagesOf(occurrences: readonly Occurrence[]): Map<string, string> {
  return new Map(occurrences.map((occurrence) => [occurrence.key, joinedText(occurrence)]))
}

/** True for an image that is pulled; text that might be an image does not count. */
function isPulled(occurrence: Occurrence): boolean {
  return occurrence.class !== 'potential'
}
