import { count } from '../../cli/text.ts'
import type { Outcome } from '../../model/events.ts'

/** The facts of a missing item that name it and its users. */
export type MissingItem = Pick<Outcome, 'kind' | 'name' | 'destination' | 'charts'>

/** Number of names listed before the rest is only counted; the report has all of them. */
const named = 10

/** Advice for a repository that was created and has no tag. */
export const emptyAdvice =
  'rerun the same command to fill it, or delete it with cleanup-ecr.ts or aws ecr delete-repository'

/** Repeats at the end of a summary what the registry lacks: missing items, and repositories without a tag. */
export function describeUnfilled(
  missing: readonly MissingItem[],
  repositoriesEmpty: readonly string[],
): string[] {
  return [
    ...listSome(missing.map(describeMissing), (number) =>
      number === 1
        ? 'Not in the registry because its source does not have it:'
        : `Not in the registry because their sources do not have them (${number} items):`,
    ),
    ...listSome(
      repositoriesEmpty,
      (number) => `Created but empty (${count(number, 'repository', 'repositories')}):`,
    ),
    ...(repositoriesEmpty.length > 0 ? [`  → ${emptyAdvice}`] : []),
  ]
}

function describeMissing({ kind, name, destination, charts = [] }: MissingItem): string {
  if (kind === 'chart') return `${destination} (${name})`
  if (charts.length === 0) return destination
  return `${destination} (the values of ${charts.join(', ')} point to it)`
}

function listSome(names: readonly string[], title: (number: number) => string): string[] {
  if (names.length === 0) return []
  // A single name over the limit takes the line that would count it.
  const shown = names.length === named + 1 ? names : names.slice(0, named)
  const rest = names.length - shown.length
  return [
    title(names.length),
    ...shown.map((name) => `  ${name}`),
    ...(rest > 0 ? [`  … and ${rest} more; see the report for all of them`] : []),
  ]
}
