/** Bytes per second over the last few seconds. Times are milliseconds of one clock. */
export interface Rate {
  readonly add: (now: number, bytes: number) => void
  readonly read: (now: number) => number
}

/**
 * Measures a rate. Blobs are reported when they have arrived, so bytes come in bursts; a window smooths them.
 * @param began the earliest possible start of the first blob
 */
export function createRate(began: number, window = 5000): Rate {
  let recent: { readonly at: number; readonly bytes: number }[] = []
  return {
    add: (at, bytes) => void recent.push({ at, bytes }),
    read: (now) => {
      recent = recent.filter(({ at }) => at > now - window)
      const sum = recent.reduce((all, { bytes }) => all + bytes, 0)
      // At the start, a rate over less than a second would be inaccurate.
      return (sum / Math.max(1000, Math.min(window, now - began))) * 1000
    },
  }
}
