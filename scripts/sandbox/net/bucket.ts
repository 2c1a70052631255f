/** A token bucket: returns true when a request is within the rate. */
export type Bucket = () => boolean

/** Allows `perSecond` requests on average and up to `burst` at once. `clock` is monotonic, in milliseconds. */
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
