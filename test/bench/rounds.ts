/** What is measured of a mover, in this order: the second and third find what the first has left. */
export const scenarios = ['cold', 'warm', 'one-changed', 'put-image-rate'] as const
export type Scenario = (typeof scenarios)[number]

export function isScenario(text: string): text is Scenario {
  return scenarios.some((scenario) => scenario === text)
}

/** Runs of one mover on one registry: it is new for the first of them. */
export interface Turn {
  readonly round: number
  readonly mover: string
  readonly scenarios: readonly Scenario[]
}

/**
 * Who has their turn when: every round has all movers, and each round begins with another one, so that whatever
 * changes on the machine meets all of them. A warm run needs a cold one before it, which is run even if nobody asked.
 */
export function planRounds(
  rounds: number,
  movers: readonly string[],
  wanted: readonly Scenario[],
): Turn[] {
  const onOne = scenarios.filter((one) => one !== 'put-image-rate' && wanted.includes(one))
  const first: readonly Scenario[] = onOne.length === 0 ? [] : ['cold', ...without(onOne, 'cold')]
  const limited: readonly Scenario[] = wanted.includes('put-image-rate') ? ['put-image-rate'] : []
  const turns = [first, limited].filter((one) => one.length > 0)
  return Array.from({ length: rounds }, (_, round) =>
    rotate(movers, round).flatMap((mover) =>
      turns.map((one) => ({ round, mover, scenarios: one })),
    ),
  ).flat()
}

function without(list: readonly Scenario[], item: Scenario): Scenario[] {
  return list.filter((one) => one !== item)
}

function rotate<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}
