import type { OpenQuestion, QuestionPlace } from '../../../model/chart/question.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import type { Occurrence } from '../../find/find.ts'
import type { Oddity } from '../../find/oddity.ts'
import { documentTitle, formatPlace, type RenderedDocument } from '../../render/documents.ts'

/** A field of a rendered document. */
export interface Site {
  readonly document: RenderedDocument
  readonly path: LeafPath
}

/** Returns where a reference begins. */
export function siteOf({ document, pieces }: Pick<Occurrence, 'document' | 'pieces'>): Site {
  return { document, path: pieces[0]?.path ?? [] }
}

/** Returns the question about an image field without an image. */
export function unreadField(variant: string, oddity: Oddity): OpenQuestion {
  return { kind: 'unread-field', text: oddity.text, variant, ...describeSite(oddity) }
}

/** Returns a site as plain data. */
export function describeSite({ document, path }: Site): Omit<QuestionPlace, 'variant'> {
  return {
    document: documentTitle(document),
    path: formatPlace(path),
    template: document.source,
  }
}
