import type { Problem } from '../../model/problem.ts'
import type { Stored } from '../../aws/ecr/inventory.ts'
import type { CopyDecision } from './decision.ts'
import { reasonFor } from './comparison.ts'
import { type Unreadable, unreadableProblem, type UnreadableTag } from '../../aws/ecr/unreadable.ts'

/** What to do about archived images: report them, have ECR restore them, or push them again. */
export type ArchivedPolicy = 'report' | 'restore' | 'copy'

/** Returns what is known about a tag that cannot be read: the digest of an archived image, nothing for others. */
export function archivedAs(unreadable: Unreadable): Stored | undefined {
  return unreadable.state === 'inaccessible' ? undefined : { digest: unreadable.digest }
}

/**
 * Decides about tags that are present and cannot be read. A decision to replace or report different content stands,
 * archived or not. An image that would be left alone is restored, copied again or reported.
 *
 * @param decision what would be done with the same tag if it could be read
 * @param isComparable whether the source can be asked for the digest that the tag should have
 */
export function decideUnreadable(
  tag: UnreadableTag,
  decision: CopyDecision,
  policy: ArchivedPolicy,
  isComparable: boolean,
): CopyDecision & { readonly refused?: Problem } {
  const { state } = tag.unreadable
  const blocked = { action: 'blocked', refused: unreadableProblem(tag) } as const
  if (state === 'inaccessible') return { ...blocked, ...reasonFor('unreadable') }
  if (decision.action !== 'skip') return decision
  const reason = reasonFor(state)
  switch (policy) {
    case 'report':
      return { ...blocked, ...reason }
    case 'restore':
      return { action: 'restore', ...reason }
    case 'copy':
      // The source may have moved on; its current content must not replace the tag unless requested.
      return decision.comparison === 'not-compared' && isComparable
        ? { action: 'compare', ...reason }
        : { action: 'copy', ...reason }
  }
}
