import { setTimeout as sleep } from 'node:timers/promises'

/** One direction of a host's line: its bandwidth is fixed and shared by all concurrent users. */
export interface Pipe {
  /** Resolves when this many bytes have passed, after all bytes that were queued before. */
  readonly pass: (bytes: number) => Promise<void>
}

/** The time in milliseconds, and a function that waits. */
export interface Clock {
  readonly now: () => number
  readonly wait: (milliseconds: number) => Promise<unknown>
}

const realClock: Clock = { now: () => performance.now(), wait: sleep }

/** The most bytes that one user can queue at a time, so that others get their turn in between. */
export const chunkBytes = 64 * 1024

/** A user who returns within this time counts as continuously active: timers and event loops are not exact. */
const continuity = 2

/**
 * A pipe with a bandwidth of `bytesPerSecond`. It keeps a schedule instead of counting bytes, so a late timer does
 * not reduce the bandwidth. Unused time is lost, as on a real line.
 */
export function createPipe(bytesPerSecond: number, clock: Clock = realClock): Pipe {
  let freeAt = -Infinity
  let releasedAt = -Infinity
  let waiting = 0
  return {
    async pass(bytes) {
      const now = clock.now()
      const busy = waiting > 0 || now - releasedAt <= continuity
      const start = busy ? freeAt : Math.max(freeAt, now)
      const due = start + (bytes / bytesPerSecond) * 1000
      freeAt = due
      waiting += 1
      // Timers only support whole milliseconds; the next wait makes up for fractions.
      if (due - now >= 1) await clock.wait(due - now)
      waiting -= 1
      releasedAt = clock.now()
    },
  }
}

/** Splits a message into the chunks that pass through a pipe. */
export function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += chunkBytes) {
    yield body.subarray(start, start + chunkBytes)
  }
}

/** Both directions of one host's line. */
export interface Line {
  readonly up: Pipe
  readonly down: Pipe
}

/** The lines of all hosts, each created on first use; `undefined` if no host is limited. */
export function createLines(
  bytesPerSecond: number | undefined,
  clock?: Clock,
): (host: string) => Line | undefined {
  const lines = new Map<string, Line>()
  return (host) => {
    if (bytesPerSecond === undefined) return undefined
    const line = lines.get(host) ?? {
      up: createPipe(bytesPerSecond, clock),
      down: createPipe(bytesPerSecond, clock),
    }
    lines.set(host, line)
    return line
  }
}
