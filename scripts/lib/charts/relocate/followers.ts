import type { OpenQuestion } from '../../model/chart/question.ts'
import { dockerHub, formatReference, type Reference } from '../../model/image/reference.ts'
import type { Occurrence } from '../find/find.ts'
import { isTextKind } from '../render/documents.ts'
import { joinedText } from './prove/joined.ts'
import { describeSite, siteOf } from './questions/site.ts'

/**
 * Returns the references that only repeat, without its registry, an image that a pod or operator pulls: in a dump of
 * the values, an image whose registry is in another value looks like one from Docker Hub. They follow the pod's image
 * and have no destination of their own.
 */
export function findFollowers(occurrences: readonly Occurrence[]): Set<Occurrence> {
  const pulled = new Set(
    occurrences
      .filter(
        ({ class: sure, reference }) => sure === 'certain' && reference.registry !== dockerHub,
      )
      .map(({ reference }) => nameInHub(reference)),
  )
  return new Set(
    occurrences.filter(
      (occurrence) =>
        occurrence.class !== 'certain' &&
        occurrence.pieces.length > 1 &&
        isTextKind(occurrence.document.kind) &&
        isBare(occurrence) &&
        pulled.has(nameInHub(occurrence.reference)),
    ),
  )
}

/**
 * Returns a question about each follower that an override has left as it was: the pod's image has another place now, so
 * this text may not be a repetition of it.
 */
export function unfollowed(
  { variant, followers }: { readonly variant: string; readonly followers: Iterable<Occurrence> },
  after: readonly Occurrence[],
): OpenQuestion[] {
  const texts = new Map(after.map((occurrence) => [occurrence.key, joinedText(occurrence)]))
  return [...followers]
    .filter((follower) => texts.get(follower.key) === joinedText(follower))
    .map((follower) => ({
      kind: 'unmoved-repetition',
      reference: formatReference(follower.reference),
      variant,
      ...describeSite(siteOf(follower)),
    }))
}

/** True for a name that is written without a registry. */
function isBare(occurrence: Occurrence): boolean {
  return (
    occurrence.reference.registry === dockerHub &&
    !joinedText(occurrence).startsWith(`${dockerHub}/`)
  )
}

/** Returns a Docker Hub image as usually written: without registry and `library/`. */
export function nameInHub({ path, tag }: Reference): string {
  return `${path.replace(/^library\//, '')}:${tag ?? ''}`
}
