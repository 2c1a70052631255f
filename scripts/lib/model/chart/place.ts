/** A place in the output of a chart. */
export interface OutputPlace {
  /** `Deployment/name`. */
  readonly document: string
  /** Path within the document. */
  readonly path: string
  /** `chart/templates/file.yaml`. */
  readonly template: string
}
