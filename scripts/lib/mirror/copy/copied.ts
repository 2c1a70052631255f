/** What was stored: the digest that the target gives it, and the manifest's text. */
export interface Copied {
  readonly digest: string
  readonly manifest: string
}
