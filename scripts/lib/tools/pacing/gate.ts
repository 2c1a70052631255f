import pLimit from 'p-limit'
import { type Clock, systemClock } from './clock.ts'
import { longestWait } from './retry.ts'

/** Admission to one host: so many at a time, so far apart, and not at all while it is paused. */
export interface Gate {
  /** Runs a task when the host has room. A task that has not started when the signal aborts still runs, and sees it. */
  readonly enter: <T>(task: () => Promise<T>) => Promise<T>
  /** Holds the host back for so many milliseconds: what has not started, and what is about to be repeated. */
  readonly pause: (milliseconds: number) => void
  readonly concurrency: number
  readonly interval: number
  /** The moment from which the host takes the next one, for whoever decides by himself what starts. */
  readonly readyAt: () => number
  /** Says that something has started outside of `enter`. */
  readonly begin: () => void
  /** Resolves when the host is not paused. To be awaited before a repetition inside `enter`. */
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
        // Taken without an await in between, so that two tasks never share a slot.
        begin()
        return task()
      }),
    pause: (milliseconds) => {
      pausedUntil = Math.max(pausedUntil, time() + Math.min(milliseconds, longestWait))
    },
    ready: () => waitFor(() => pausedUntil),
  }
}

/** Gates by host, made when first asked for. */
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
