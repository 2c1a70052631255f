import type { Problem } from '../../model/problem.ts'
import type { Stored } from '../../aws/ecr/inventory.ts'
import type { Decision } from './decision.ts'
import { reasonFor } from './comparison.ts'
import { type Unreadable, unreadableProblem, type UnreadableTag } from '../../aws/ecr/unreadable.ts'

/** What to do about archived images: name them, have ECR restore them, or push them once more. */
export type ArchivedPolicy = 'report' | 'restore' | 'copy'

/** What is known to be stored under a tag that cannot be read: of an archived image its digest, of others nothing. */
export function archivedAs(unreadable: Unreadable): Stored | undefined {
  return unreadable.state === 'inaccessible' ? undefined : { digest: unreadable.digest }
}

/**
 * The rule for tags that are there and cannot be read. What other content is to replace, or differs from it, stays as
 * decided: what is archived then does not matter. What would be left alone is restored, copied again or reported.
 *
 * @param decision what would be done with the same tag if it could be read
 * @param isComparable whether the source can be asked for the digest that the tag should have
 */
export function decideUnreadable(
  tag: UnreadableTag,
  decision: Decision,
  policy: ArchivedPolicy,
  isComparable: boolean,
): Decision & { readonly refused?: Problem } {
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
      // Whatever the source has by now must not take the tag's place unasked.
      return decision.comparison === 'not-compared' && isComparable
        ? { action: 'compare', ...reason }
        : { action: 'copy', ...reason }
  }
}
