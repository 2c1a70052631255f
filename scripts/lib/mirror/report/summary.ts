import { formatDuration } from '../../model/text/duration.ts'
import { columns, count } from '../../cli/text.ts'
import type { Outcome, Status } from '../../model/events.ts'
import { missingOf } from '../sources/missing.ts'
import { describeUnfilled } from './unfilled-text.ts'
import type { Report } from './report.ts'
import { describeTraffic } from '../traffic/traffic-sums.ts'

const words: readonly (readonly [Status, string])[] = [
  ['copied', 'copied'],
  ['overwritten', 'replaced'],
  ['restored', 'restored'],
  ['skipped', 'present'],
  ['differs', 'different'],
  ['failed', 'failed'],
  ['interrupted', 'unfinished'],
]

/**
 * Renders the summary for people: one line per source, the totals, and the conclusions.
 * @param page the file that shows more, if any
 */
export function renderSummary(report: Report, page?: string): string[] {
  const { outcomes, counts } = report
  const shown = words.filter(([status]) => counts[status] > 0)
  const hosts = [...new Set(outcomes.map(({ host }) => host))].toSorted()
  const rowOf = (label: string, own: readonly Outcome[]) => [
    label,
    String(own.filter(({ kind }) => kind === 'image').length),
    String(own.filter(({ kind }) => kind === 'chart').length),
    ...shown.map(([status]) => String(own.filter((outcome) => outcome.status === status).length)),
  ]
  const table = columns(
    [
      ['source', 'images', 'charts', ...shown.map(([, word]) => word)],
      ...hosts.map((host) =>
        rowOf(
          host,
          outcomes.filter((outcome) => outcome.host === host),
        ),
      ),
      rowOf('all', outcomes),
    ],
    { numbersFrom: 1 },
  )
  const more = page === undefined ? [] : [`Details: ${page}`]
  const unfilled = describeUnfilled(missingOf(outcomes), report.repositoriesEmpty)
  return ['', ...table, '', ...unfilled, ...conclusions(report), ...more]
}

function conclusions(report: Report): string[] {
  const { counts, milliseconds, repositoriesCreated, notCompared, interrupted } = report
  const time = formatDuration(milliseconds)
  const bad = counts.failed + counts.differs
  const changed = report.repositories?.changed.length ?? 0
  const lines: string[] = []
  if (repositoriesCreated.length > 0) {
    lines.push(
      `${count(repositoriesCreated.length, 'repository was', 'repositories were')} created.`,
    )
  }
  lines.push(...aboutRepositories(report))
  lines.push(...describeTraffic(report.bytes))
  if (notCompared > 0) {
    lines.push(
      `${count(notCompared, 'tag counts', 'tags count')} as present by name; rerun with --existing verify to compare with the source.`,
    )
  }
  if (interrupted) {
    lines.push(
      `Interrupted after ${time}. Rerun the same command: completed items are not copied again.`,
    )
  } else if (bad > 0) {
    lines.push(
      `Ended after ${time}; ${bad} of ${count(report.outcomes.length, 'item')} ${bad === 1 ? 'needs' : 'need'} attention, see above.`,
    )
  } else if (counts.copied + counts.overwritten + counts.restored + changed === 0) {
    lines.push(`Nothing to do (${time}).`)
  } else {
    lines.push(`Done in ${time}.`)
  }
  return lines
}

function aboutRepositories({ repositories }: Report): string[] {
  if (repositories === undefined) return []
  const { drift, update, changed, left, problems } = repositories
  const having = (changeable: boolean) =>
    drift.filter(({ differences }) => differences.some((one) => one.changeable === changeable))
  return [
    ...say(changed.length, 'repository was', 'repositories were', 'changed as requested'),
    ...say(
      update ? 0 : having(true).length,
      'repository is',
      'repositories are',
      'not as requested; rerun with --update-repositories to change that',
    ),
    ...say(
      having(false).length,
      'repository has',
      'repositories have',
      'a different encryption than requested, which ECR cannot change',
    ),
    ...say(left.length, 'repository was', 'repositories were', 'left for ECR to create on push'),
    ...say(
      problems.length,
      'repository setting',
      'repository settings',
      'could not be applied, see above',
    ),
  ]
}

/** Returns a sentence with a count; nothing for a count of zero. */
function say(number: number, one: string, many: string, rest: string): string[] {
  return number > 0 ? [`${count(number, one, many)} ${rest}.`] : []
}
