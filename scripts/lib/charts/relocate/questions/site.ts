import type { QuestionPlace } from '../../../model/chart/question.ts'
import type { LeafPath } from '../../../model/values/leaf-path.ts'
import { documentTitle, formatPlace, type RenderedDocument } from '../../render/documents.ts'

/** A field of a rendered document. */
export interface Site {
  readonly document: RenderedDocument
  readonly path: LeafPath
}

/** Returns a site as plain data. */
export function describeSite({ document, path }: Site): Omit<QuestionPlace, 'variant'> {
  return {
    document: documentTitle(document),
    path: formatPlace(path),
    template: document.source,
  }
}
