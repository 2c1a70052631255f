import { groupBy } from '../../../model/collections.ts'
import { formatReference, type Reference } from '../../../model/image/reference.ts'
import type { VariantView } from '../view.ts'
import { documentKey } from '../../render/documents.ts'

/**
 * Returns the images of which a chart spells only one, in groups: a map such as `{repository: quay.io/a/b, name: c, tag}`
 * is `quay.io/a/b:…` or `quay.io/a/b/c:…`, and no render tells which.
 */
export function alternativesIn(views: readonly VariantView[]): Reference[][] {
  const groups = new Map<string, Map<string, Reference>>()
  for (const { undecided, found } of views) {
    const ofPlace = groupBy(
      found.occurrences.filter(({ pieces }) => pieces.length > 1),
      // Every reading ends in the tag.
      ({ document, pieces }) =>
        JSON.stringify([documentKey(document), pieces.at(-1)?.path.slice(0, -1)]),
    )
    const open = new Set(undecided.map(({ reference }) => formatReference(reference)))
    for (const readings of ofPlace.values()) {
      const names = new Map(
        readings.map(({ reference }) => [formatReference(reference), reference]),
      )
      if (names.size < 2 || ![...names.keys()].every((name) => open.has(name))) continue
      groups.set(JSON.stringify([...names.keys()].toSorted()), names)
    }
  }
  return [...groups.values()].map((names) => [...names.values()])
}
