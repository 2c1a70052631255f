/** How many copies run at a time, and what has been learned about it so far. */
export interface Pace {
  /** Copies at a time. */
  readonly limit: number
  readonly least: number
  readonly most: number
  /** Since the limit was changed last: copies that ended, their bytes, and when that was. */
  readonly ended: number
  readonly bytes: number
  readonly since: number
  /** Bytes a millisecond under the limit before this one. */
  readonly rate?: number
  /** No more is tried: the last step up did not pay. */
  readonly isSettled: boolean
}

/** What a finished copy says about the pace. */
export interface Sample {
  readonly now: number
  readonly bytes: number
  /** The network or a registry gave way: a rate limit of the target, a broken connection, a timeout. */
  readonly strained: boolean
}

/** A step up has to bring this much, or it was one too many. */
const worthwhile = 1.1
const stepUp = 4
/** Few copies say little: one large layer decides them. */
const sampleSize = 12

/** Beyond this many copies for each core, processes wait for one another and not for the network. */
const perCore = 4

/** A pace that stays where the user has set it, or one that finds its own way from 8. */
export function startPace(chosen: number | undefined, now: number, cores: number): Pace {
  const most = Math.min(24, Math.max(8, perCore * cores))
  const [limit, least, highest] = chosen === undefined ? [8, 2, most] : [chosen, chosen, chosen]
  return { limit, least, most: highest, ended: 0, bytes: 0, since: now, isSettled: false }
}

/**
 * More while it pays, less when something gives way: halved on strain, raised after a quiet dozen of copies, and taken
 * back when the raise brought no more bytes a second. Pure.
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
