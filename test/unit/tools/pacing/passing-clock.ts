import type { Clock } from '../../../../scripts/lib/tools/pacing/clock.ts'

/**
 * A clock on which pauses pass at once, and time goes on by as much.
 *
 * @param pauses takes down every pause, in milliseconds
 */
export function passingClock(pauses: number[] = []): Clock {
  let now = 1_800_000_000_000
  return {
    time: () => now,
    ticks: () => now,
    pause: async (milliseconds, signal) => {
      pauses.push(milliseconds)
      if (!signal.aborted) now += milliseconds
      await Promise.resolve()
    },
  }
}
