/** How AWS treats the caller's credentials. */
export type CredentialState = 'ok' | 'expired' | 'denied' | 'missing'

export interface Credentials {
  /** With `operations`, `denied` applies only to these; all others are allowed. */
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

/** Keys in the format that clients check. Only signatures in EKS tokens are verified. */
export const accessKey = {
  id: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const
