import { setImmediate as nextTurn } from 'node:timers/promises'
import { ProblemError } from '../model/problem.ts'
import type { Steps } from './steps.ts'

/** Milliseconds of work after which signals, timers and other work can run. */
const stint = 50

/**
 * Runs work to completion and yields to the event loop meanwhile, so that Ctrl-C is noticed while a chart is searched.
 * Throws `ProblemError` when the signal is aborted.
 */
export async function interruptible<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  throwIfInterrupted(signal)
  let since = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - since < stint) continue
    await nextTurn()
    throwIfInterrupted(signal)
    since = performance.now()
  }
}

/** Throws `ProblemError` when the signal is aborted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return
  throw new ProblemError({ kind: 'interrupted', side: 'local', message: 'interrupted' })
}
