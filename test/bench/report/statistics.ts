/** The smallest, the middle and the largest of some numbers. Means hide what a busy machine does to single runs. */
export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** The spread of some numbers; `undefined` for none. Of an even number of them, the median is between the middle two. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  const upper = sorted[Math.floor(sorted.length / 2)]
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) {
    return undefined
  }
  return { min, median: (lower + upper) / 2, max }
}

/** The median of some numbers, `undefined` for none. */
export function medianOf(numbers: readonly number[]): number | undefined {
  return spreadOf(numbers)?.median
}
