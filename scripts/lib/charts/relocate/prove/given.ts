import { nodeAt, scalarsOf, type ValuesTree } from '../../../model/values/values.ts'

/** What an override changes: everything that a chart may repeat. */
export interface Given {
  readonly values: ReadonlySet<unknown>
  /** Names on the paths to these values. */
  readonly keys: ReadonlySet<string>
}

/**
 * Returns what overrides change in the values. A list is restated as a whole: what the author wrote next to an image in
 * it is not a new value and must not appear elsewhere.
 */
export function givenBy(overrides: readonly ValuesTree[], base: ValuesTree): Given {
  const changed = overrides
    .flatMap((over) => [...scalarsOf(over)])
    .filter(({ path, value }) => nodeAt(base, path) !== value)
  return {
    values: new Set(changed.map(({ value }) => value)),
    keys: new Set(changed.flatMap(({ path }) => path.map(String))),
  }
}
