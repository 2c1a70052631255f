/** Bytes per second over the last few seconds. Times are milliseconds of any one clock. */
export interface Rate {
  readonly add: (now: number, bytes: number) => void
  readonly read: (now: number) => number
}

/**
 * Blobs are told when they have arrived, so that bytes come in lumps; a window evens them out.
 * @param began when the first of them can have set out
 */
export function createRate(began: number, window = 5000): Rate {
  let recent: { readonly at: number; readonly bytes: number }[] = []
  return {
    add: (at, bytes) => void recent.push({ at, bytes }),
    read: (now) => {
      recent = recent.filter(({ at }) => at > now - window)
      const sum = recent.reduce((all, { bytes }) => all + bytes, 0)
      // In the first moments a rate over less than a second would be a wild guess.
      return (sum / Math.max(1000, Math.min(window, now - began))) * 1000
    },
  }
}
