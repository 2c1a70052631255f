import { count } from '../cli/text.ts'
import type { SearchState } from '../charts/relocate/job.ts'

const reasons: Readonly<Record<SearchState['next'], string>> = {
  abandoned: 'gives up leaves that do not suit all of their references',
  stuck: 'looks one level further for references that no leaf reaches',
  joined: 'includes references that share a leaf with others',
  disturbing: 'leaves out images that are not rendered',
  unmoved: 'looks one level further for references that did not move',
  settled: 'is done',
}

/** Describes a state of the search for values in one line, for `--verbose`. */
export function describeSearch({ layout, search, items, next }: SearchState): string {
  const levels = [1, 2, 3].flatMap((level) => {
    const at = [...search.reached.values()].filter((one) => one === level).length
    return at === 0 ? [] : [`${at} at level ${level}`]
  })
  const sets = [
    ...levels,
    ...(search.desperate.size === 0 ? [] : [`${search.desperate.size} as a last resort`]),
    ...(search.abandoned.size === 0 ? [] : [`${search.abandoned.size} given up`]),
  ]
  const where = sets.length === 0 ? '' : ` (${sets.join(', ')})`
  return `  search for ${layout} values of ${count(items, 'reference')}${where} ${reasons[next]}`
}
