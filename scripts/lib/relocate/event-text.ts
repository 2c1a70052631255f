import { count } from '../cli/text.ts'
import type { SearchState } from '../charts/relocate/job.ts'
import type { RelocateFlags } from '../commands/relocate-chart.ts'
import { groupBy } from '../model/collections.ts'
import { shellWord } from '../model/text/shell-word.ts'
import { lineOf } from '../model/text/line.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import type { RelocateEvent } from './request.ts'

/** Describes an event in one line. */
export function describeEvent(
  event: RelocateEvent,
  { postRenderer = '' }: Pick<RelocateFlags, 'postRenderer'>,
): string {
  switch (event.kind) {
    case 'searched':
      return describeSearch(event.state)
    case 'registries-asked':
      return describeAnswers(event)
    case 'post-renderer-written':
      return `wrote ${postRenderer}, which rewrites ${count(event.references, 'reference')} during helm install, but nothing in crds/; ${event.isProven ? 'proven with the values' : 'unproven'}`
    case 'repacked':
      return `wrote ${event.archive}: changed ${event.changes.join(', ') || 'nothing'}; ${event.isProven ? 'proven' : 'unproven'}`
    case 'list-left-out':
      return `! the patched chart does not contain ${lineOf(formatLeafPath(event.path))}, a list from your values; install it together with the printed values`
  }
}

function describeAnswers({
  groups,
  mirror,
  ignore,
}: Extract<RelocateEvent, { kind: 'registries-asked' }>): string {
  const asked = `asked registries about ${count(groups, 'image')} with several readings`
  if (mirror.length === 0) return `${asked}: they do not decide`
  const flags = [
    ...mirror.map((name) => `--mirror ${shellWord(name)}`),
    ...ignore.map((name) => `--ignore ${shellWord(name)}`),
  ]
  return `${asked}; the same as ${flags.join(' ')}`
}

const reasons: Readonly<Record<SearchState['next'], string>> = {
  abandoned: 'drops leaves that do not fit all of their references',
  stuck: 'searches one level deeper for references that no leaf reaches',
  joined: 'includes references that share a leaf with others',
  disturbing: 'leaves out images that are not rendered',
  unmoved: 'searches one level deeper for references that did not move',
  settled: 'is done',
}

/** Describes a state of the search for values in one line. */
function describeSearch({ layout, search, items, next }: SearchState): string {
  const reached = [...search.reached.values()].filter((level) => level > 0)
  const atLevels = [
    ...groupBy(
      reached.toSorted((a, b) => a - b),
      String,
    ),
  ].map(([level, all]) => `${all.length} at level ${level}`)
  const sets = [
    ...atLevels,
    ...(search.desperate.size === 0 ? [] : [`${search.desperate.size} as a last resort`]),
    ...(search.abandoned.size === 0 ? [] : [`${search.abandoned.size} dropped`]),
  ]
  const where = sets.length === 0 ? '' : ` (${sets.join(', ')})`
  return `  search for ${layout} values of ${count(items, 'reference')}${where} ${reasons[next]}`
}
