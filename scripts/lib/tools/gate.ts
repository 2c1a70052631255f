import pLimit from 'p-limit'
import { pause } from './retry.ts'

/** Admission to one host: so many at a time, so far apart, and not at all while it is paused. */
export interface Gate {
  /** Runs a task when the host has room. A task that has not started when the signal aborts still runs, and sees it. */
  readonly enter: <T>(task: () => Promise<T>) => Promise<T>
  /** Holds back everything that has not started yet for so many milliseconds. */
  readonly pause: (milliseconds: number) => void
}

export interface GateRules {
  readonly concurrency: number
  /** Milliseconds between two starts. */
  readonly interval: number
}

export function createGate({ concurrency, interval }: GateRules, signal: AbortSignal): Gate {
  const limit = pLimit(concurrency)
  let nextStart = 0
  return {
    enter: (task) =>
      limit(async () => {
        for (;;) {
          const now = Date.now()
          const wait = nextStart - now
          if (wait <= 0 || signal.aborted) {
            // Taken without an await in between, so that two tasks never share a slot.
            nextStart = now + interval
            break
          }
          await pause(wait, signal)
        }
        return task()
      }),
    pause: (milliseconds) => {
      nextStart = Math.max(nextStart, Date.now() + milliseconds)
    },
  }
}

/** Gates by host, made when first asked for. */
export function createGates(
  rulesOf: (host: string) => GateRules,
  signal: AbortSignal,
): (host: string) => Gate {
  const gates = new Map<string, Gate>()
  return (host) => {
    const gate = gates.get(host) ?? createGate(rulesOf(host), signal)
    gates.set(host, gate)
    return gate
  }
}
