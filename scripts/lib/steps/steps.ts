/**
 * Long work on text from outside. It yields wherever it may be put down, and returns its result: it stays a pure
 * function of its arguments, and whoever runs it decides whether anything happens in between.
 */
export type Steps<T> = Generator<void, T, void>

/** Runs work to its end at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
