/** How the registry compares with the lock for one reference; the last three are there and cannot be pulled. */
export type Presence =
  'matches' | 'differs' | 'not-compared' | 'missing' | 'archived' | 'restoring' | 'unreadable'

/** The same for people. */
export const presenceWords: Readonly<Record<Presence, string>> = {
  matches: 'matches',
  differs: 'differs',
  'not-compared': 'exists, not compared',
  missing: 'missing',
  archived: 'archived',
  restoring: 'restoring',
  unreadable: 'unreadable',
}
