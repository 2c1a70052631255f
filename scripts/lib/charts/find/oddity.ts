import { clip } from '../../model/text/clip.ts'
import type { LeafPath } from '../../model/values/leaf-path.ts'
import { documentTitle, formatPlace, type RenderedDocument } from '../render/documents.ts'

/** An image field without a valid image. It is reported, so that nothing is skipped silently. */
export interface Oddity {
  readonly document: RenderedDocument
  readonly path: LeafPath
  readonly text: string
  /** Something else fills or reads it, such as an injector or an operator. */
  readonly isPlaceholder: boolean
}

/** Describes an oddity in words. */
export function describeOddity({ document, path, text }: Oddity): string {
  return `${documentTitle(document)} ${formatPlace(path)} is "${clip(text)}", which is not an image reference`
}
