import { type PulledImage, pulledKey } from '../../../model/chart/operator.ts'
import type { OpenQuestion } from '../../../model/chart/question.ts'
import type { LeafAssignment } from '../../../model/chart/relocation.ts'
import { fillPattern, type Target } from '../../../model/image/layout.ts'
import { formatLeafPath } from '../../../model/values/leaf-path.ts'
import { type RenderedDocument, scalarsOfDocument } from '../../render/documents.ts'
import { type PulledValues } from './assign.ts'
import { questionAbout } from './expect.ts'

/** Returns the texts by which operators are told where to pull from. */
export function toldBy(assignments: readonly LeafAssignment[], target: Target): Set<string> {
  return new Set(
    assignments.flatMap(({ value }) =>
      typeof value === 'string' ? [fillPattern(value, target)] : [],
    ),
  )
}

/** Returns a question for each image that its operator is not told to pull from the target. */
export function questionsOfPulled(
  images: readonly PulledImage[],
  { assignments, fixed, unproven = false }: PulledValues,
  proofs: readonly { readonly documents: readonly RenderedDocument[] }[],
  target: Target,
): OpenQuestion[] {
  const isFixed = new Set(fixed.map(pulledKey))
  const unseen = new Set(
    assignments
      .filter(
        ({ value }) => typeof value !== 'string' || !isShown(fillPattern(value, target), proofs),
      )
      .map(({ path }) => formatLeafPath(path)),
  )
  return images.flatMap((image): OpenQuestion[] => {
    if (isFixed.has(pulledKey(image))) return [questionAbout(image, 'fixed')]
    if (unproven) return [questionAbout(image, 'unproven')]
    const unused = image.leaves.map(({ path }) => path)
    const isUnused = unused.some((path) => unseen.has(formatLeafPath(path)))
    return isUnused ? [questionAbout(image, 'unused')] : []
  })
}

/** True when a render shows a text, decoded if it is in a Secret. */
function isShown(
  text: string,
  proofs: readonly { readonly documents: readonly RenderedDocument[] }[],
): boolean {
  return proofs.some(({ documents }) =>
    documents.some(
      (document) =>
        document.text.includes(text) ||
        (document.kind === 'Secret' &&
          [...scalarsOfDocument(document)].some(
            ({ value }) => typeof value === 'string' && value.includes(text),
          )),
    ),
  )
}
