import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import { nodeAt, type ValuesNode } from '../../../model/values/values.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import type { Piece } from '../../find/composed.ts'
import type { Occurrence } from '../../find/find.ts'

/** Returns the text of one piece in its document. */
function pieceText({ root, text }: RenderedDocument, { path, start, end }: Piece): string {
  const whole: ValuesNode | undefined = root === undefined ? text : nodeAt(root, path)
  if (typeof whole !== 'string' && typeof whole !== 'number') {
    throw new Error(`there is no text at ${formatLeafPath(path)}`)
  }
  return String(whole).slice(start, end)
}

/** Returns a reference as rendered, joined if its parts are in different places. */
export function joinedText({ document, pieces, joints }: Occurrence): string {
  return pieces.map((piece, index) => pieceText(document, piece) + (joints[index] ?? '')).join('')
}

/** Identifies an occurrence by its location and its text. */
export function placeAndText(occurrence: Occurrence): string {
  return `${occurrence.key} ${joinedText(occurrence)}`
}
