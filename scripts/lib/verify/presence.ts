/** How the registry compares with the lock for one reference; the last three exist but cannot be pulled. */
export type Presence =
  'matches' | 'differs' | 'not-compared' | 'missing' | 'archived' | 'restoring' | 'unreadable'

/** Words for each presence in messages. */
export const presenceWords: Readonly<Record<Presence, string>> = {
  matches: 'matches',
  differs: 'differs',
  'not-compared': 'exists, not compared',
  missing: 'missing',
  archived: 'archived',
  restoring: 'restoring',
  unreadable: 'unreadable',
}
