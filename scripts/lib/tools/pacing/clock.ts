import { setTimeout as sleepFor } from 'node:timers/promises'

/** Time, as everything that waits or measures sees it. */
export interface Clock {
  /** Milliseconds since 1970, for what outlives the process: tokens, reports. */
  readonly time: () => number
  /** Milliseconds that only ever grow, for durations. */
  readonly ticks: () => number
  /** Waits, and ends early without an error when the signal aborts: the caller looks at the signal. */
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
