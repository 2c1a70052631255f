/** Values by slot key. */
export type Values = ReadonlyMap<string, string>

/** Tries beyond one for each list before the search is given up. */
const maximumTries = 20_000

/** Values that are being chosen; those of the last option can be taken back. */
interface Chosen {
  readonly values: Map<string, string>
  /** Takes an option; nothing, where it contradicts what was chosen before. */
  readonly take: (option: Values) => readonly string[] | undefined
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

/** What was taken of one list. */
interface Level {
  option: number
  added: readonly string[]
}

/**
 * Chooses one option of each list so that all agree; earlier ones are preferred. Returns nothing when none agree, or
 * when it takes too many tries to find out. Thousands of lists are searched in place, without recursion.
 */
export function chooseOfEach(lists: readonly (readonly Values[])[]): Values | undefined {
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

/** Takes of each list, in order, the first option that agrees with what was taken; says which lists have none. */
export function chooseInOrder(lists: readonly (readonly Values[])[]): {
  readonly values: Values
  /** Indices of lists. */
  readonly lost: readonly number[]
} {
  const { values, take } = begin()
  const lost = lists.flatMap((options, index) =>
    options.some((option) => take(option) !== undefined) ? [] : [index],
  )
  return { values, lost }
}
