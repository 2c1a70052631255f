import { count, formatBytes } from '../../cli/text.ts'
import { compareText, groupBy } from '../../model/collections.ts'
import type { Outcome, Status } from '../../model/events.ts'
import { groupProblems, type ProblemGroup } from './problems.ts'
import { type RepositoriesView, viewRepositories } from './page-repositories.ts'
import { drawTimeline, type Timeline } from './timeline.ts'
import {
  causeOf,
  factsOf,
  formatDuration,
  statusWords,
  sumBytes,
  type Tone,
  toneOf,
} from './words.ts'
import type { Report } from './report.ts'
import { hasMoved } from '../traffic/traffic-sums.ts'

/** All text of the page; the template only places it. The template is strict, so every key is present. */
export interface PageView {
  readonly registry: string
  readonly prefix: string
  readonly existing: string
  readonly started: { readonly iso: string; readonly text: string }
  readonly took: string
  readonly outcome: { readonly tone: Tone; readonly text: string }
  readonly sums: readonly Sum[]
  readonly problems: readonly ProblemGroup[]
  readonly unfinished: Folded & { readonly names: readonly string[] }
  readonly timeline: Timeline | undefined
  readonly sources: readonly SourceRow[]
  readonly total: SourceRow
  readonly repositories: RepositoriesView
  /** Tables of images and of charts; empty ones are left out. */
  readonly tables: readonly ItemTable[]
}

interface Sum {
  readonly label: string
  readonly value: string
  readonly tone: Tone
  /** A remark on what the value does not include. */
  readonly note: string
}

interface Folded {
  /** True for a long list, which starts collapsed. */
  readonly isLong: boolean
  readonly size: string
}

/** The items of one source host. */
interface SourceRow {
  readonly source: string
  readonly items: number
  readonly copied: number
  readonly present: number
  readonly others: number
  readonly sent: ReturnType<typeof sumBytes>
  readonly mounted: ReturnType<typeof sumBytes>
  readonly time: string
}

interface ItemTable extends Folded {
  readonly id: string
  readonly title: string
  readonly caption: string
  readonly columns: { readonly what: string; readonly related: string }
  readonly rows: readonly ItemRow[]
}

interface ItemRow {
  readonly name: string
  readonly destination: string
  readonly digest: string
  readonly tone: Tone
  readonly status: string
  readonly facts: string
  /** The charts that use an image, or the images that a chart uses. */
  readonly related: readonly string[]
  readonly relatedText: string
  readonly isFolded: boolean
}

/** Tables and lists longer than this start collapsed. */
const long = { table: 100, names: 12, related: 4 }

/** Converts a report to the view of its page. */
export function viewReport(report: Report): PageView {
  const { outcomes, startedAt, milliseconds } = report
  const hosts = [...groupBy(outcomes, ({ host }) => host)].toSorted(([a], [b]) => compareText(a, b))
  const unfinished = outcomes.filter(({ status }) => status === 'interrupted')
  return {
    registry: report.registry,
    prefix: report.prefix,
    existing: report.existing,
    started: { iso: startedAt, text: startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC') },
    took: formatDuration(milliseconds),
    outcome: concludeReport(report),
    sums: sumUp(report),
    problems: groupProblems(report),
    unfinished: {
      size: unfinished.length === 0 ? '' : count(unfinished.length, 'item'),
      isLong: unfinished.length > long.names,
      names: unfinished.map(({ name }) => name),
    },
    timeline: drawTimeline(outcomes, milliseconds),
    sources: hosts.map(([host, own]) => sumSource(host, own)),
    total: sumSource('all', outcomes),
    repositories: viewRepositories(report),
    tables: tabulate(outcomes),
  }
}

/** Returns the chart's name from `chart name version`. */
function chartName(name: string): string {
  return name.split(' ')[1] ?? name
}

function concludeReport(report: Report): PageView['outcome'] {
  const { counts, outcomes, interrupted, repositories } = report
  const all = count(outcomes.length, 'item')
  const done = counts.copied + counts.overwritten + counts.restored
  const faults = repositories?.problems.length ?? 0
  const bad = counts.failed + counts.differs
  if (interrupted) {
    return {
      tone: 'open',
      text: `Interrupted: ${done + counts.skipped} of ${all} are present. Rerun the same command; completed items are not copied again.`,
    }
  }
  if (bad + faults > 0) {
    const sentences = [
      ...(bad > 0 ? [`${bad} of ${all} ${bad === 1 ? 'needs' : 'need'} attention.`] : []),
      ...(faults > 0 ? [`${count(faults, 'repository setting')} could not be applied.`] : []),
    ]
    return { tone: 'bad', text: sentences.join(' ') }
  }
  if (done > 0) return { tone: 'good', text: `Everything is present: copied ${done} of ${all}.` }
  return { tone: 'good', text: `Nothing to do: everything is up to date (${all}).` }
}

const shown: readonly Status[] = [
  'copied',
  'overwritten',
  'restored',
  'skipped',
  'differs',
  'failed',
  'interrupted',
]

function sumUp({
  counts,
  outcomes,
  repositoriesCreated,
  notCompared,
  bytes: traffic,
}: Report): Sum[] {
  const moved = outcomes.filter(hasMoved)
  const sent = sumBytes(moved, ({ bytes }) => bytes)
  const mounted = sumBytes(moved, ({ mountedBytes }) => mountedBytes)
  return [
    ...shown.flatMap((status) => countOf(statusWords[status], counts[status], toneOf(status))),
    ...countOf('matched by name only', notCompared),
    ...(moved.length === 0
      ? []
      : [
          { label: 'sent', tone: 'same' as const, ...sent },
          { label: 'mounted from other repositories', tone: 'same' as const, ...mounted },
          ...(traffic.present > 0
            ? [
                {
                  label: 'already present in their own repositories',
                  tone: 'same' as const,
                  value: formatBytes(traffic.present),
                  note: '',
                },
              ]
            : []),
        ]),
    ...countOf('failed attempts, whose unfinished blobs are not counted', traffic.brokenOff),
    ...countOf('repositories created', repositoriesCreated.length),
  ]
}

function countOf(label: string, number: number, tone: Tone = 'same'): Sum[] {
  return number === 0 ? [] : [{ label, value: String(number), tone, note: '' }]
}

function isDone({ status }: Outcome): boolean {
  return status === 'copied' || status === 'overwritten'
}

function sumSource(source: string, own: readonly Outcome[]): SourceRow {
  const moved = own.filter(hasMoved)
  const copied = own.filter(isDone).length
  const present = own.filter(({ status }) => status === 'skipped' || status === 'restored').length
  return {
    source,
    items: own.length,
    copied,
    present,
    others: own.length - copied - present,
    sent: sumBytes(moved, ({ bytes }) => bytes),
    mounted: sumBytes(moved, ({ mountedBytes }) => mountedBytes),
    time: own.some(({ attempts }) => attempts > 0) ? formatDuration(busyTime(own)) : '–',
  }
}

/** Returns the milliseconds during which at least one item was in progress: copies overlap, so a sum says little. */
export function busyTime(outcomes: readonly Outcome[]): number {
  const tried = outcomes
    .filter(({ attempts }) => attempts > 0)
    .toSorted((a, b) => a.startedAt - b.startedAt)
  let sum = 0
  let until = 0
  for (const { startedAt, milliseconds } of tried) {
    const end = startedAt + milliseconds
    sum += Math.max(0, end - Math.max(startedAt, until))
    until = Math.max(until, end)
  }
  return sum
}

function tabulate(outcomes: readonly Outcome[]): ItemTable[] {
  const images = outcomes.filter(({ kind }) => kind === 'image')
  const charts = outcomes.filter(({ kind }) => kind === 'chart')
  const imagesOf = groupBy(
    images.flatMap(({ name, charts: users = [] }) => users.map((chart) => ({ chart, name }))),
    ({ chart }) => chart,
  )
  const tables = [
    {
      id: 'images',
      title: 'Images and the charts that use them',
      caption: 'Each image with its destination, digest and charts',
      columns: { what: 'Image', related: 'Charts' },
      isLong: images.length > long.table,
      size: count(images.length, 'image'),
      rows: images.map((one) => rowOf(one, one.charts ?? [], 'chart')),
    },
    {
      id: 'charts',
      title: 'Charts and the images that they use',
      caption: 'Each chart with its destination, digest and images',
      columns: { what: 'Chart', related: 'Images' },
      isLong: charts.length > long.table,
      size: count(charts.length, 'chart'),
      rows: charts.map((one) => {
        const used = imagesOf.get(chartName(one.name)) ?? []
        return rowOf(
          one,
          used.map(({ name }) => name),
          'image',
        )
      }),
    },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}

function rowOf(outcome: Outcome, related: readonly string[], noun: string): ItemRow {
  return {
    name: outcome.name,
    destination: outcome.destination,
    digest: outcome.digest ?? '',
    tone: toneOf(outcome.status),
    status: statusWords[outcome.status],
    facts: describeItem(outcome),
    related,
    relatedText: count(related.length, noun),
    isFolded: related.length > long.related,
  }
}

function describeItem(outcome: Outcome): string {
  const { status, problem, reason } = outcome
  if (problem !== undefined && problem.kind !== 'interrupted') return causeOf(problem)
  if (status === 'skipped') return reason
  return factsOf(outcome).join(', ')
}
