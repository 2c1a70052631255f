import type { Credentials } from './aws/credentials.ts'
import type { Place } from './aws/partition.ts'
import type { Service } from './net/call.ts'

/** The parts of a sandbox that its guests can use. */
export interface GuestRoom {
  readonly place: Place
  readonly credentials: Credentials
  /** The sandbox's root certificate, as PEM. */
  readonly certificateAuthority: string
  readonly now: () => number
}

/**
 * Adds hosts to a sandbox. Returns the services of a host: the sandbox's own services for it (none for an unknown
 * host), others, or both. The first service that accepts a call serves it.
 */
export type Guest = (
  host: string,
  own: readonly Service[] | undefined,
) => readonly Service[] | undefined
