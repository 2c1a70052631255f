/** What AWS makes of the caller's credentials. */
export type CredentialState = 'ok' | 'expired' | 'denied' | 'missing'

export interface Credentials {
  /** With `operations`, `denied` concerns these alone; everything else goes on as before. */
  set(state: CredentialState, operations?: readonly string[]): void
  stateFor(operation: string): CredentialState
}

export function createCredentials(): Credentials {
  let current: CredentialState = 'ok'
  let concerned: readonly string[] | undefined
  return {
    set(state, operations) {
      current = state
      concerned = operations
    },
    stateFor: (operation) => ((concerned?.includes(operation) ?? true) ? current : 'ok'),
  }
}

/** Keys in the shape that clients check. Of the signatures made with them only those in tokens for EKS are verified. */
export const accessKey = {
  id: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const
