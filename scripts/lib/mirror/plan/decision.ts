import type { Reasoned } from './comparison.ts'

/**
 * What is to be done with one item. `compare` asks the source for its digest first and then skips, copies over or
 * reports the difference, as the policy says. `restore` takes it out of ECR's archive. `blocked`: it is there, cannot be
 * read, and nothing is done about it.
 */
export type Action = 'copy' | 'compare' | 'overwrite' | 'restore' | 'skip' | 'differs' | 'blocked'

/** What is to be done, and how the tag compares. */
export interface Decision extends Reasoned {
  readonly action: Action
}
