import type { EncryptionConfiguration } from './encryption.ts'
import type { Mutability } from './mutability.ts'

export interface EcrSettings extends Mutability {
  readonly encryptionConfiguration: EncryptionConfiguration
  readonly imageScanningConfiguration: { readonly scanOnPush: boolean }
}

/** Settings for repositories that ECR creates automatically. */
export interface CreationTemplate extends Partial<EcrSettings> {
  /** The namespace that the template applies to; `ROOT` for names that no other template matches. */
  readonly prefix: string
  readonly appliedFor: readonly ('CREATE_ON_PUSH' | 'PULL_THROUGH_CACHE' | 'REPLICATION')[]
  readonly resourceTags?: readonly { readonly Key: string; readonly Value: string }[]
  readonly lifecyclePolicy?: string
  readonly repositoryPolicy?: string
}
