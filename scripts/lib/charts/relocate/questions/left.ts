import type { OpenQuestion } from '../../../model/chart/question.ts'
import { formatReference } from '../../../model/image/reference.ts'
import type { Steps } from '../../../steps/steps.ts'
import type { Found } from '../../find/find.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import { findRetagged } from './delivered.ts'
import { findNested } from './nested.ts'
import { findPublicHosts } from './public-hosts.ts'
import { describeSite, siteOf, unreadField } from './site.ts'

/**
 * Returns what one render leaves open on its own, without further renders: charts that are installed at run time, public
 * registries that still appear, placeholders, and text with a public registry that may be an image.
 */
export function* questionsLeft(
  variant: string,
  documents: readonly RenderedDocument[],
  { occurrences, oddities }: Found,
  registry: string,
): Steps<OpenQuestion[]> {
  const hosts = yield* findPublicHosts(variant, documents, occurrences, (one) => one === registry)
  const placeholders = oddities
    .filter(({ isPlaceholder }) => isPlaceholder)
    .map((oddity) => unreadField(variant, oddity))
  const possible = occurrences
    .filter((one) => one.class === 'potential' && one.reference.registry !== registry)
    .map((occurrence): OpenQuestion => ({
      kind: 'possible-image',
      reference: formatReference(occurrence.reference),
      variant,
      ...describeSite(siteOf(occurrence)),
    }))
  return [
    ...findNested(variant, documents),
    ...findRetagged(variant, documents),
    ...placeholders,
    ...possible,
    ...hosts,
  ]
}
