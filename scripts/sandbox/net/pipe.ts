import { setTimeout as sleep } from 'node:timers/promises'

/** One direction of a host's line: of a fixed width, and shared by all who use it at the same time. */
export interface Pipe {
  /** Resolves when so many bytes have come through, after all that were handed in before. */
  readonly pass: (bytes: number) => Promise<void>
}

/** Milliseconds, and a way to wait for them. */
export interface Clock {
  readonly now: () => number
  readonly wait: (milliseconds: number) => Promise<unknown>
}

const realClock: Clock = { now: () => performance.now(), wait: sleep }

/** What one user may hand in at a time, so that the others get their turns in between. */
export const chunkBytes = 64 * 1024

/** Whoever comes back this soon after a chunk has passed was never away: timers and event loops are not exact. */
const continuity = 2

/**
 * A pipe that lets `bytesPerSecond` through. It keeps a schedule instead of counting what has flowed, so a timer that
 * fires late does not make the pipe narrower; time in which nobody used it is lost, as on a real line.
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
      // Timers know whole milliseconds only; what is shorter is made up for by the next one.
      if (due - now >= 1) await clock.wait(due - now)
      waiting -= 1
      releasedAt = clock.now()
    },
  }
}

/** A message in the pieces in which it goes through a pipe. */
export function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += chunkBytes) {
    yield body.subarray(start, start + chunkBytes)
  }
}

/** Both directions of the line of one host. */
export interface Line {
  readonly up: Pipe
  readonly down: Pipe
}

/** The lines of all hosts, each made when it is first used; `undefined` means that no host's is limited. */
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
