import type { Context } from '../cli/main.ts'
import { createReporter } from '../cli/reporter.ts'
import { readCopyFlags } from '../mirror/copy-flags.ts'
import { mirror } from '../mirror/mirror.ts'
import type { Placed } from '../mirror/placement.ts'
import { readWishes } from '../mirror/repository-wishes.ts'
import type { MirrorOptions } from '../mirror/run-options.ts'
import type { Outcome } from '../model/events.ts'
import { formatDestination, type Target } from '../model/layout.ts'
import { emptyLock } from '../model/lock.ts'
import { type Problem, ProblemError } from '../model/problem.ts'
import { formatReference } from '../model/reference.ts'
import type { EcrRegistry } from '../model/registry.ts'
import type { PreparedChart } from './prepare.ts'
import type { Attempted, SyncFlags } from './sync-options.ts'

/** What pushing came to: outcomes of images by canonical reference and place, and of charts by name and version. */
export interface Pushed {
  readonly images: ReadonlyMap<string, Outcome>
  readonly charts: ReadonlyMap<string, Outcome>
}

interface PushSettings {
  readonly flags: SyncFlags
  readonly registry: EcrRegistry
  readonly prefix: string
  readonly context: Context
}

/**
 * Copies the images first, then pushes the charts whose images are all there: a chart in the registry never points at
 * something that is not. Throws `ProblemError` when the preflight fails.
 */
export async function pushCharts(
  attempted: readonly Attempted[],
  settings: PushSettings,
): Promise<Pushed> {
  const { flags, registry, prefix, context } = settings
  const ready = attempted.flatMap(({ result }) =>
    result.ok && (result.value.faults.length === 0 || flags.allowUnproven) ? [result.value] : [],
  )
  const copying = await readCopyFlags(flags, registry)
  const wishes = await readWishes(flags, {}, registry)
  const reporter = await createReporter({
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
    stream: process.stderr,
  })
  const common: Omit<MirrorOptions, 'placed' | 'siblings'> = {
    registry,
    prefix,
    lock: emptyLock,
    ...copying,
    wishes,
    learn: false,
    tolerant: true,
    env: context.env,
    signal: context.signal,
    notify: reporter.notify,
  }
  try {
    const images = placeImages(ready, { registry: registry.host, prefix })
    const copied = await run({ ...common, placed: images.placed, siblings: () => [] })
    const byPlace = new Map(copied.map((outcome) => [outcome.destination, outcome]))
    const all = new Map(
      images.owners.map(([key, destination]) => [key, byPlace.get(destination)] as const),
    )
    const isThere = (chart: PreparedChart) =>
      chart.images.every((image) => isGood(all.get(keyOf(chart, formatReference(image.reference)))))
    const charts = ready.filter(isThere).map((chart): Placed => {
      const { group, place, archive } = chart
      const { name, repository, version } = group
      return { kind: 'chart', chart: { name, repository, version }, place, archive }
    })
    const pushed =
      charts.length === 0 ? [] : await run({ ...common, placed: charts, siblings: () => [] })
    return {
      images: new Map([...all].flatMap(([key, outcome]) => (outcome ? [[key, outcome]] : []))),
      charts: new Map(pushed.map((outcome) => [outcome.name, outcome])),
    }
  } finally {
    reporter.close()
  }
}

async function run(options: MirrorOptions): Promise<readonly Outcome[]> {
  if (options.placed.length === 0) return []
  const result = await mirror(options)
  if ('problems' in result) throw new ProblemError(result.problems)
  return result.report.outcomes
}

/** Every image once: versions of a chart share most of theirs. Throws `ProblemError` when two want one place. */
function placeImages(charts: readonly PreparedChart[], target: Target) {
  const placed = new Map<string, Extract<Placed, { readonly kind: 'image' }>>()
  const owners: (readonly [string, string])[] = []
  for (const chart of charts) {
    for (const { reference, place } of chart.images) {
      const destination = formatDestination(target, place)
      const name = formatReference(reference)
      owners.push([keyOf(chart, name), destination])
      const other = placed.get(destination)
      if (other !== undefined && formatReference(other.reference) !== name) {
        throw new ProblemError(clash(destination, formatReference(other.reference), name))
      }
      const users = [...new Set([...(other?.charts ?? []), chart.group.name])]
      placed.set(destination, { kind: 'image', reference, place, charts: users })
    }
  }
  return { placed: [...placed.values()], owners }
}

/** An image belongs to a chart: in the `by-chart` layout two charts have a copy each. */
export function keyOf({ group }: Pick<PreparedChart, 'group'>, reference: string): string {
  return `${group.name} ${group.version} ${reference}`
}

export function isGood(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && ['copied', 'overwritten', 'skipped'].includes(outcome.status)
}

function clash(destination: string, one: string, other: string): Problem {
  return {
    kind: 'conflict',
    side: 'input',
    message: `"${one}" and "${other}" would both be stored at "${destination}"`,
    next: 'use --layout mirrored, in which every source has a place of its own, or sync the two in separate runs with another --target-prefix',
  }
}
