import type { Credentials } from './aws/credentials.ts'
import type { Place } from './aws/partition.ts'
import type { Service } from './net/call.ts'

/** What a guest shares with the sandbox that it lives in. */
export interface GuestRoom {
  readonly place: Place
  readonly credentials: Credentials
  /** The sandbox's root certificate, as PEM. */
  readonly certificateAuthority: string
  readonly now: () => number
}

/**
 * Adds hosts to a sandbox. Returns the services of a host: those that the sandbox has for it itself (nothing for a host
 * that it does not know), others, or both, the first that accepts a call first.
 */
export type Guest = (
  host: string,
  own: readonly Service[] | undefined,
) => readonly Service[] | undefined
