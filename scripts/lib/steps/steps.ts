/**
 * Long work on external text. It yields wherever it can be suspended, and returns its result. It stays a pure function
 * of its arguments; the caller decides whether anything else runs in between.
 */
export type Steps<T> = Generator<void, T, void>

/** Runs work to completion without a break. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
