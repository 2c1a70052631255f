import type { DeliveredCause, OpenQuestion } from '../../../model/chart/question.ts'
import { formatReference, type Reference } from '../../../model/image/reference.ts'
import type { Occurrence } from '../../find/find.ts'
import { isDelivered } from '../../find/delivery/fields.ts'
import { imageChangesIn } from '../../find/delivery/images.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import type { Comparison } from '../prove/prove.ts'
import { describeSite, type Site, siteOf } from './site.ts'

/**
 * Returns the images of fetched manifests of which an object sets only the tag. Another text in the same place would
 * name another image to look for, and change nothing.
 */
export function findRetagged(
  variant: string,
  documents: readonly RenderedDocument[],
): OpenQuestion[] {
  return documents.flatMap((document) =>
    imageChangesIn(document)
      .flatMap(({ changes }) => changes)
      .flatMap((change) =>
        change.kind === 'retagged'
          ? [
              deliveredImage(variant, 'retagged', change.reference, {
                document,
                path: change.place.path,
              }),
            ]
          : [],
      ),
  )
}

/** Returns the question about an image that an object passes on. */
export function deliveredImage(
  variant: string,
  cause: DeliveredCause,
  reference: Reference,
  site: Site,
): OpenQuestion {
  return {
    kind: 'delivered-image',
    reference: formatReference(reference),
    cause,
    variant,
    ...describeSite(site),
  }
}

interface AtVariant {
  readonly variant: string
}

/** What stays where it is in a layout. */
interface Left<S, P> {
  readonly stuck: readonly S[]
  readonly proofs: readonly P[]
}

/** The same without images that are passed on; what installs them decides whether they are pulled. */
interface Separated<S, P> extends Left<S, P> {
  readonly delivered: readonly S[]
  readonly questions: readonly OpenQuestion[]
}

/**
 * Separates the images that an object passes on to what a controller installs, and that no value moves: they are asked
 * about, and do not count as faults of the proof.
 */
export function separateDelivered<
  S extends AtVariant & { readonly occurrence: Occurrence },
  P extends AtVariant & { readonly comparison: Comparison; readonly problem?: string },
>({ stuck, proofs }: Left<S, P>): Separated<S, P> {
  const delivered = stuck.filter(({ occurrence: { document, pieces } }) =>
    isDelivered(document, pieces),
  )
  if (delivered.length === 0) return { stuck, proofs, delivered, questions: [] }
  const keys = new Set(delivered.map(({ variant, occurrence }) => keyOf(variant, occurrence.key)))
  return {
    stuck: stuck.filter((one) => !delivered.includes(one)),
    delivered,
    questions: delivered.map(({ variant, occurrence }) =>
      deliveredImage(variant, 'fixed', occurrence.reference, siteOf(occurrence)),
    ),
    proofs: proofs.map((proof) => {
      const { misplaced, checked } = proof.comparison
      const others = misplaced.filter(
        ({ occurrence }) => !keys.has(keyOf(proof.variant, occurrence.key)),
      )
      const comparison = {
        ...proof.comparison,
        misplaced: others,
        checked: checked - (misplaced.length - others.length),
      }
      return proof.problem === undefined ? { ...proof, comparison } : proof
    }),
  }
}

function keyOf(variant: string, key: string): string {
  return `${variant} ${key}`
}
