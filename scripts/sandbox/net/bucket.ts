/** A token bucket: true when a request may pass, false when it is over the rate. */
export type Bucket = () => boolean

/** `perSecond` requests on average, up to `burst` at once; time comes from a monotonic clock in milliseconds. */
export function createBucket(
  perSecond: number,
  burst = Math.max(1, perSecond),
  clock: () => number = () => performance.now(),
): Bucket {
  let tokens = burst
  let last = clock()
  return () => {
    const time = clock()
    tokens = Math.min(burst, tokens + ((time - last) / 1000) * perSecond)
    last = time
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
