import type { Reasoned } from './comparison.ts'

/**
 * What to do with one item. `compare` first asks the source for its digest, then skips, overwrites or reports the
 * difference, depending on the policy. `restore` takes it out of ECR's archive. `blocked`: it is present but cannot be
 * read, and nothing is done about it.
 */
export type Action = 'copy' | 'compare' | 'overwrite' | 'restore' | 'skip' | 'differs' | 'blocked'

/** What to do, and how the tag compares. */
export interface CopyDecision extends Reasoned {
  readonly action: Action
}
