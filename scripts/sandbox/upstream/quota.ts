import { type Bucket, createBucket } from '../net/bucket.ts'

/** Limits of public registries. None is enforced unless it is set. */
export interface UpstreamLimits {
  /** Docker Hub: manifest GETs in six hours for those who did not log in; `unlimited` announces no limit to anybody. */
  readonly dockerHubPulls?: number | 'unlimited'
  /** ECR Public: manifest GETs per second without a login. */
  readonly ecrPublicAnonymous?: number
  /** ECR Public: manifest GETs per second with one. */
  readonly ecrPublicAuthenticated?: number
}

/** Who pulls, as far as a limit is concerned. */
export type Puller = 'anonymous' | 'authenticated'

export interface Quota {
  /** Counts a pull from Docker Hub; false when the window's pulls are used up. */
  takePull(puller: Puller): boolean
  remainingPulls(): number
  /** What Docker Hub announces; nothing where it has no limit. */
  readonly pullLimit: number | undefined
  /** False when ECR Public would answer "Rate exceeded". */
  takeRate(puller: Puller): boolean
}

export const pullWindowSeconds = 6 * 60 * 60

/** What Docker Hub's headers speak of while no limit is enforced. */
const usualPullLimit = 100

export function createQuota(limits: UpstreamLimits, now: () => number): Quota {
  const { dockerHubPulls: chosen } = limits
  const pullLimit = chosen === 'unlimited' ? undefined : (chosen ?? usualPullLimit)
  const buckets: Record<Puller, Bucket | undefined> = {
    anonymous: bucketFor(limits.ecrPublicAnonymous),
    authenticated: bucketFor(limits.ecrPublicAuthenticated),
  }
  let pulls: number[] = []
  const remainingPulls = (): number => {
    pulls = pulls.filter((time) => time > now() - pullWindowSeconds * 1000)
    return Math.max(0, (pullLimit ?? Infinity) - pulls.length)
  }
  return {
    pullLimit,
    remainingPulls,
    takePull(puller) {
      if (puller === 'authenticated') return true
      if (chosen !== undefined && remainingPulls() === 0) return false
      pulls.push(now())
      return true
    },
    takeRate: (puller) => buckets[puller]?.() ?? true,
  }
}

function bucketFor(perSecond: number | undefined): Bucket | undefined {
  return perSecond === undefined ? undefined : createBucket(perSecond)
}
