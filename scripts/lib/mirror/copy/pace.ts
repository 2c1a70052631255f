/** The number of concurrent copies, and the measurements behind it. */
export interface Pace {
  /** Concurrent copies. */
  readonly limit: number
  readonly least: number
  readonly most: number
  /** Since the limit was last changed: completed copies, their bytes, and the time of the change. */
  readonly ended: number
  readonly bytes: number
  readonly since: number
  /** Bytes a millisecond under the limit before this one. */
  readonly rate?: number
  /** True when the limit is no longer raised: the last raise brought no gain. */
  readonly isSettled: boolean
}

/** What a finished copy shows about the pace. */
export interface Sample {
  readonly now: number
  readonly bytes: number
  /** True when the network or a registry was overloaded: throttled by the target, a broken connection, a timeout. */
  readonly strained: boolean
}

/** The gain in throughput that a raise has to bring. */
const worthwhile = 1.1
const stepUp = 4
/** Copies to measure before a decision: a single large layer distorts a small sample. */
const sampleSize = 12

/** Copies per core beyond which processes wait for each other instead of the network. */
const perCore = 4

/** Returns a fixed pace set by the user, or one that adapts, starting at 8. */
export function startPace(chosen: number | undefined, now: number, cores: number): Pace {
  const most = Math.min(24, Math.max(8, perCore * cores))
  const [limit, least, highest] = chosen === undefined ? [8, 2, most] : [chosen, chosen, chosen]
  return { limit, least, most: highest, ended: 0, bytes: 0, since: now, isSettled: false }
}

/**
 * Adapts the pace: halves it under strain, raises it after a dozen copies without trouble, and reverts a raise that did
 * not increase the throughput. Pure.
 */
export function adjustPace(pace: Pace, { now, bytes, strained }: Sample): Pace {
  const fresh = { ended: 0, bytes: 0, since: now }
  if (strained) {
    const limit = Math.max(pace.least, Math.floor(pace.limit / 2))
    const { rate: _, ...rest } = pace
    return { ...rest, ...fresh, limit, isSettled: false }
  }
  const counted = { ...pace, ended: pace.ended + 1, bytes: pace.bytes + bytes }
  if (pace.isSettled || counted.ended < sampleSize || now <= pace.since) return counted
  const rate = counted.bytes / (now - pace.since)
  if (pace.rate !== undefined && rate < pace.rate * worthwhile) {
    const limit = Math.max(pace.least, pace.limit - stepUp)
    return { ...counted, ...fresh, limit, rate, isSettled: true }
  }
  const limit = Math.min(pace.most, pace.limit + stepUp)
  return { ...counted, ...fresh, limit, rate, isSettled: limit === pace.limit }
}
