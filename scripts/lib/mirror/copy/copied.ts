/** A stored manifest: its digest at the target, and its text. */
export interface Copied {
  readonly digest: string
  readonly manifest: string
}
