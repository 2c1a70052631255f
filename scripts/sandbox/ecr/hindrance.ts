/** What keeps a manifest from being read: it is in the archive, restored from a moment on, or broken in another way. */
export type Hindrance =
  | { readonly kind: 'archived' }
  | { readonly kind: 'restoring'; readonly until: number }
  | ({ readonly kind: 'failure' } & ImageFailure)

/** Why an image is not given to anybody, beyond its storage. */
export interface ImageFailure {
  readonly failureCode: string
  readonly failureReason: string
}

/** Where ECR keeps an image: at hand, in the archive, or on its way back. */
export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING'
