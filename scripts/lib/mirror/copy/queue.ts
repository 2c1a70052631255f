/** One queued item. */
export interface Task {
  /** Images and charts have separate limits: a chart is two short processes and little data. */
  readonly lane: 'image' | 'chart'
  readonly bytes: number
  /** Manifests that are pushed to the target for it. */
  readonly manifests: number
  /** Layers that must not be uploaded by two tasks at once. */
  readonly shared: readonly string[]
  /** True when it uploads layers that others wait for. */
  readonly leads: boolean
}

/** Admission to one host, as the queue needs it: when it opens, and a way to report a start. */
export interface HostGate {
  readonly concurrency: number
  /** The earliest start of the next task, in milliseconds. */
  readonly readyAt: () => number
  readonly begin: () => void
}

export interface QueueRules<T> {
  /** Concurrent copies in a lane. */
  readonly limit: (lane: Task['lane']) => number
  /** Returns the host that a task would currently read from. */
  readonly hostOf: (task: T) => string
  readonly gate: (host: string) => HostGate
  /** Returns whether a shared layer is already in the target. */
  readonly isThere: (blob: string) => boolean
}

export type Turn<T> =
  | { readonly kind: 'start'; readonly task: T }
  /** Nothing can start before that time, or before a task ends. */
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'empty' }

export interface Queue<T> {
  /** Returns the next action. A returned task counts as running until `leave` or `again`. */
  readonly next: (now: number) => Turn<T>
  readonly leave: (task: T) => void
  /** Puts a running task back; `next` does not return it before the given time. */
  readonly again: (task: T, notBefore: number) => void
  /** Limits the manifests per second that are pushed to the target from now on, the first ones at `from`. */
  readonly admit: (manifestsPerSecond: number, from: number) => void
  /** Removes and returns all waiting tasks. */
  readonly drain: () => T[]
}

/**
 * Decides what starts next. While another task could start, nothing waits for a slow host, a pause or a layer that
 * another copy uploads. Leaders go first, then tasks of the host with the most work left, then the largest.
 * Has no clock and starts nothing itself.
 */
export function createQueue<T extends Task>(tasks: readonly T[], rules: QueueRules<T>): Queue<T> {
  const waiting = new Set(tasks)
  const running = new Map<T, { readonly host: string; readonly brings: readonly string[] }>()
  const notBefore = new Map<T, number>()
  const flying = new Map<string, number>()
  const load = new Map<string, number>()
  let admission: { readonly perManifest: number; nextAt: number } | undefined

  const weigh = (task: T) => task.bytes + 1
  const shift = (host: string, amount: number) => load.set(host, (load.get(host) ?? 0) + amount)
  for (const task of tasks) shift(rules.hostOf(task), weigh(task))

  const runningIn = (lane: Task['lane']) =>
    [...running.keys()].filter((one) => one.lane === lane).length
  const runningOn = (host: string) =>
    [...running.values()].filter((one) => one.host === host).length
  const release = (task: T) => {
    const { brings = [] } = running.get(task) ?? {}
    running.delete(task)
    for (const blob of brings) {
      const left = (flying.get(blob) ?? 1) - 1
      if (left > 0) flying.set(blob, left)
      else flying.delete(blob)
    }
  }
  /** Returns the earliest start of a task; infinity while it has to wait for the end of another task. */
  const openAt = (task: T): number => {
    const host = rules.hostOf(task)
    const gate = rules.gate(host)
    if (runningIn(task.lane) >= rules.limit(task.lane)) return Infinity
    if (runningOn(host) >= gate.concurrency) return Infinity
    if (task.shared.some((blob) => flying.has(blob) && !rules.isThere(blob))) return Infinity
    return Math.max(gate.readyAt(), notBefore.get(task) ?? 0, admission?.nextAt ?? 0)
  }
  const isBetter = (one: T, other: T): boolean => {
    if (one.leads !== other.leads) return one.leads
    const difference = (load.get(rules.hostOf(one)) ?? 0) - (load.get(rules.hostOf(other)) ?? 0)
    return difference === 0 ? one.bytes > other.bytes : difference > 0
  }
  const start = (task: T, now: number): void => {
    const host = rules.hostOf(task)
    waiting.delete(task)
    const brings = task.shared.filter((blob) => !rules.isThere(blob))
    running.set(task, { host, brings })
    shift(host, -weigh(task))
    for (const blob of brings) flying.set(blob, (flying.get(blob) ?? 0) + 1)
    rules.gate(host).begin()
    if (admission !== undefined) {
      admission.nextAt = Math.max(now, admission.nextAt) + task.manifests * admission.perManifest
    }
  }

  return {
    next(now) {
      if (waiting.size === 0) return { kind: 'empty' }
      let best: T | undefined
      let until = Infinity
      for (const task of waiting) {
        const open = openAt(task)
        if (open > now) until = Math.min(until, open)
        else if (best === undefined || isBetter(task, best)) best = task
      }
      if (best === undefined) return { kind: 'wait', until }
      start(best, now)
      return { kind: 'start', task: best }
    },
    leave: release,
    again(task, moment) {
      release(task)
      notBefore.set(task, moment)
      waiting.add(task)
      shift(rules.hostOf(task), weigh(task))
    },
    admit(manifestsPerSecond, from) {
      admission = {
        perManifest: 1000 / manifestsPerSecond,
        nextAt: Math.max(from, admission?.nextAt ?? 0),
      }
    },
    drain() {
      const left = [...waiting]
      waiting.clear()
      return left
    },
  }
}
