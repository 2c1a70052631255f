import type { ContentComparison } from '../../model/events.ts'

/** The reason why an item is copied, skipped or reported, for people. */
const reasons: Readonly<Record<ContentComparison, string>> = {
  absent: 'not present',
  same: 'present, same digest',
  differs: 'present, different digest',
  'not-compared': 'present, not compared',
  'to-compare': 'present, to compare with the source',
  archived: 'present, archived',
  restoring: 'present, being restored from archive',
  unreadable: 'present, cannot be read',
}

/** Returns a comparison with its sentence; steps and outcomes carry both. */
export interface Reasoned {
  readonly comparison: ContentComparison
  readonly reason: string
}

export function reasonFor(comparison: ContentComparison): Reasoned {
  return { comparison, reason: reasons[comparison] }
}
