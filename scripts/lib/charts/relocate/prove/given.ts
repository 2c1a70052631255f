import { nodeAt, scalarsOf, type ValuesTree } from '../../../model/values/values.ts'

/** What an override changes: all that a chart may write down again. */
export interface Given {
  readonly values: ReadonlySet<unknown>
  /** Names on the paths to these values. */
  readonly keys: ReadonlySet<string>
}

/**
 * What overrides change of the values. A list is restated as a whole: what an author wrote beside an image in it is no new
 * value, and must not appear elsewhere.
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
