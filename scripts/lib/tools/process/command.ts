/** A program and its arguments, as data. Built by pure functions, run only by `run`, displayed by `render`. */
export interface Command {
  /** Absolute: nothing is looked up on a PATH when it is run. */
  readonly tool: string
  readonly args: readonly string[]
}
