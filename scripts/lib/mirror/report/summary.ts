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
  ['skipped', 'already there'],
  ['differs', 'different'],
  ['failed', 'failed'],
  ['interrupted', 'not finished'],
]

/**
 * The summary for people: a line for each source, the sums, and what follows from them.
 * @param page the file that shows more, when there is more to show
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
  const more = page === undefined ? [] : [`More in ${page}`]
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
      `${count(notCompared, 'tag counts', 'tags count')} as present by name; --existing verify compares with the source.`,
    )
  }
  if (interrupted) {
    lines.push(
      `Interrupted after ${time}. Run the same command again: what is done is not copied twice.`,
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
      'not as requested; --update-repositories changes that',
    ),
    ...say(
      having(false).length,
      'repository has',
      'repositories have',
      'another encryption than requested, which ECR cannot change',
    ),
    ...say(left.length, 'repository was', 'repositories were', 'left to creation on push'),
    ...say(problems.length, 'setting', 'settings', 'of repositories could not be given, see above'),
  ]
}

/** A sentence that counts, unless there is nothing to count. */
function say(number: number, one: string, many: string, rest: string): string[] {
  return number > 0 ? [`${count(number, one, many)} ${rest}.`] : []
}
