import type { Comparison } from '../../model/events.ts'

/** Why an item is copied, skipped or reported, for people. */
const reasons: Readonly<Record<Comparison, string>> = {
  absent: 'not there yet',
  same: 'present, same digest',
  differs: 'present with another digest',
  'not-compared': 'present, not compared',
  'to-compare': 'present, to be compared with the source',
  archived: 'present, archived',
  restoring: 'present, being restored from the archive',
  unreadable: 'present, cannot be read',
}

/** A comparison with its sentence, as steps and outcomes bear both. */
export interface Reasoned {
  readonly comparison: Comparison
  readonly reason: string
}

export function reasonFor(comparison: Comparison): Reasoned {
  return { comparison, reason: reasons[comparison] }
}
