import pLimit from 'p-limit'
import { type Clock, systemClock } from './clock.ts'
import { longestWait } from './retry.ts'

/** Admission to one host: limits concurrency and the interval between starts, and supports pauses. */
export interface Gate {
  /** Runs a task when the host has room. A waiting task also runs when the signal aborts, and sees that itself. */
  readonly enter: <T>(task: () => Promise<T>) => Promise<T>
  /** Pauses the host for some milliseconds: for tasks that have not started, and for retries. */
  readonly pause: (milliseconds: number) => void
  readonly concurrency: number
  readonly interval: number
  /** Returns the earliest start of the next task, for callers that schedule tasks themselves. */
  readonly readyAt: () => number
  /** Records a start outside of `enter`. */
  readonly begin: () => void
  /** Resolves when the host is not paused. Await it before a retry inside `enter`. */
  readonly ready: () => Promise<void>
}

export interface GateRules {
  readonly concurrency: number
  /** Milliseconds between two starts. */
  readonly interval: number
}

export function createGate(
  { concurrency, interval }: GateRules,
  signal: AbortSignal,
  { time, pause }: Clock = systemClock,
): Gate {
  const limit = pLimit(concurrency)
  let nextStart = 0
  let pausedUntil = 0
  const waitFor = async (moment: () => number) => {
    while (time() < moment() && !signal.aborted) await pause(moment() - time(), signal)
  }
  const readyAt = () => Math.max(nextStart, pausedUntil)
  const begin = () => {
    nextStart = time() + interval
  }
  return {
    concurrency,
    interval,
    readyAt,
    begin,
    enter: (task) =>
      limit(async () => {
        await waitFor(readyAt)
        // No await in between, so that two tasks never share a slot.
        begin()
        return task()
      }),
    pause: (milliseconds) => {
      pausedUntil = Math.max(pausedUntil, time() + Math.min(milliseconds, longestWait))
    },
    ready: () => waitFor(() => pausedUntil),
  }
}

/** Returns the gate of each host, made on first use. */
export function createGates(
  rulesOf: (host: string) => GateRules,
  signal: AbortSignal,
  clock: Clock = systemClock,
): (host: string) => Gate {
  const gates = new Map<string, Gate>()
  return (host) => {
    const gate = gates.get(host) ?? createGate(rulesOf(host), signal, clock)
    gates.set(host, gate)
    return gate
  }
}
