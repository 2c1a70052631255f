import { setTimeout as sleepFor } from 'node:timers/promises'

/** The clock for all waits and measurements. */
export interface Clock {
  /** Milliseconds since 1970, for data that outlives the process: tokens, reports. */
  readonly time: () => number
  /** Monotonic milliseconds, for durations. */
  readonly ticks: () => number
  /** Waits; ends early without an error when the signal aborts, which the caller checks. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  time: () => Date.now(),
  ticks: () => performance.now(),
  pause: async (milliseconds, signal) => {
    try {
      await sleepFor(milliseconds, undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  },
}
