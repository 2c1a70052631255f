/** Values by slot key. */
export type OptionValues = ReadonlyMap<string, string>

/** Tries, beyond one per list, before the search gives up. */
const maximumTries = 20_000

/** Values chosen so far; those of the last option can be undone. */
interface Chosen {
  readonly values: Map<string, string>
  /** Takes an option. Returns undefined if it contradicts earlier choices. */
  readonly take: (option: OptionValues) => readonly string[] | undefined
}

function begin(): Chosen {
  const values = new Map<string, string>()
  return {
    values,
    take(option) {
      for (const [key, value] of option) {
        if (values.has(key) && values.get(key) !== value) return undefined
      }
      const added = [...option.keys()].filter((key) => !values.has(key))
      for (const [key, value] of option) values.set(key, value)
      return added
    },
  }
}

/** The option taken from one list. */
interface Level {
  option: number
  added: readonly string[]
}

/**
 * Chooses one option from each list so that all agree, preferring earlier ones. Returns undefined when none agree, or
 * after too many tries. Searches in place, without recursion, because there may be thousands of lists.
 */
export function chooseOfEach(
  lists: readonly (readonly OptionValues[])[],
): OptionValues | undefined {
  const { values, take } = begin()
  const levels: Level[] = []
  let next = 0
  for (let left = maximumTries + lists.length; levels.length < lists.length; left -= 1) {
    if (left === 0) return undefined
    const option = lists[levels.length]?.[next]
    if (option === undefined) {
      const last = levels.pop()
      if (last === undefined) return undefined
      for (const key of last.added) values.delete(key)
      next = last.option + 1
      continue
    }
    const added = take(option)
    if (added === undefined) next += 1
    else {
      levels.push({ option: next, added })
      next = 0
    }
  }
  return values
}

/**
 * Takes the first option of each list, in order, that agrees with the previous choices. Returns which lists have none.
 */
export function chooseInOrder(lists: readonly (readonly OptionValues[])[]): {
  readonly values: OptionValues
  /** Indices of lists. */
  readonly lost: readonly number[]
} {
  const { values, take } = begin()
  const lost = lists.flatMap((options, index) =>
    options.some((option) => take(option) !== undefined) ? [] : [index],
  )
  return { values, lost }
}
