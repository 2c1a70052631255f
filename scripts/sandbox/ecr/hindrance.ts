/** Why a manifest cannot be read: it is archived, is being restored, or is broken in another way. */
export type Hindrance =
  | { readonly kind: 'archived' }
  | { readonly kind: 'restoring'; readonly until: number }
  | ({ readonly kind: 'failure' } & ImageFailure)

/** Why an image cannot be read, apart from its storage class. */
export interface ImageFailure {
  readonly failureCode: string
  readonly failureReason: string
}

/** The storage state of an image: available, archived, or being restored. */
export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING'
