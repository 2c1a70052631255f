import { type Bucket, createBucket } from '../net/bucket.ts'

/** Limits of public registries. A limit that is not set is not enforced. */
export interface UpstreamLimits {
  /** Docker Hub: manifest GETs per six hours for anonymous clients. With `unlimited`, no response announces a limit. */
  readonly dockerHubPulls?: number | 'unlimited'
  /** ECR Public: manifest GETs per second without a login. */
  readonly ecrPublicAnonymous?: number
  /** ECR Public: manifest GETs per second with a login. */
  readonly ecrPublicAuthenticated?: number
}

/** The kind of client that pulls, for choosing a limit. */
export type Puller = 'anonymous' | 'authenticated'

export interface Quota {
  /** Counts a pull from Docker Hub. Returns false when the limit of the current window is reached. */
  takePull(puller: Puller): boolean
  remainingPulls(): number
  /** The limit that Docker Hub announces; `undefined` if there is none. */
  readonly pullLimit: number | undefined
  /** Returns false when ECR Public would respond with "Rate exceeded". */
  takeRate(puller: Puller): boolean
}

export const pullWindowSeconds = 6 * 60 * 60

/** The limit that Docker Hub's headers announce while no limit is enforced. */
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
