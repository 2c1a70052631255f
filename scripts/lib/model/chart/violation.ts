/** A value that a chart's values.schema.json does not allow, or that it requires and does not get. */
export interface SchemaViolation {
  /** Name of the chart that has the schema. */
  readonly chart: string
  /** Where the rule applies, as a JSON pointer: `/image/tag`; empty for the values as a whole. */
  readonly path: string
  /** The rule in the validator's words: `missing property 'tenant'`. */
  readonly rule: string
}
