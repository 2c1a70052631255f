import type { SyncFlags } from '../../commands/sync-addons.ts'
import type { Context } from '../../cli/main.ts'
import { reporterFor } from '../../cli/reporter.ts'
import { readCopyFlags } from '../../mirror/session/flags.ts'
import { mirror } from '../../mirror/mirror.ts'
import { missingOf } from '../../mirror/sources/missing.ts'
import type { Placed } from '../../mirror/plan/placement.ts'
import type { Report } from '../../mirror/report/report.ts'
import { readRepositoryRequest, type RepositoryRequest } from '../../mirror/target/settings.ts'
import type { MirrorOptions } from '../../mirror/session/request.ts'
import type { Outcome } from '../../model/events.ts'
import { formatDestination, type Target } from '../../model/image/layout.ts'
import { emptyLock } from '../../model/manifest/lock.ts'
import type { Problem } from '../../model/problem.ts'
import { formatReference } from '../../model/image/reference.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import { isProven, type PreparedChart } from '../prepare/prepare.ts'
import { type Attempted, originOfAddons } from './options.ts'

/** The result of pushing: outcomes of images by canonical reference and place, and of charts by name and version. */
export interface Pushed {
  readonly images: ReadonlyMap<string, Outcome>
  readonly charts: ReadonlyMap<string, Outcome>
  /** Repositories that were created for images or charts that then failed. */
  readonly repositoriesEmpty: readonly string[]
}

/** Copy and repository settings from the flags. Read before any work is done, because they may be invalid. */
export interface PushChoices {
  readonly copying: Awaited<ReturnType<typeof readCopyFlags>>
  readonly repositories: RepositoryRequest
}

/** Reads the settings for pushing. Throws `ProblemError` for invalid flags. */
export async function readPushChoices(
  flags: SyncFlags,
  registry: EcrRegistry,
): Promise<PushChoices> {
  return {
    copying: await readCopyFlags(flags, registry),
    repositories: await readRepositoryRequest(flags, {}, registry, originOfAddons(flags)),
  }
}

interface PushSettings {
  readonly flags: SyncFlags
  readonly choices: PushChoices
  readonly registry: EcrRegistry
  readonly prefix: string
  readonly context: Context
}

/**
 * Copies the images first, then pushes the charts whose images are all present. A chart in the registry never points to
 * a missing image, unless the user allows skipping them. Returns the problems when the preflight fails.
 */
export async function pushCharts(
  attempted: readonly Attempted[],
  settings: PushSettings,
): Promise<Pushed | { readonly problems: readonly Problem[] }> {
  const { flags, registry, prefix, context } = settings
  const { copying, repositories } = settings.choices
  const ready = attempted.flatMap(({ result }) =>
    result.ok && (isProven(result.value) || flags.allowUnproven) ? [result.value] : [],
  )
  const reporter = await reporterFor(flags)
  const common: Omit<MirrorOptions, 'placed' | 'siblings'> = {
    registry,
    prefix,
    lock: emptyLock,
    ...copying,
    repositories,
    tolerant: true,
    origin: originOfAddons(flags),
    env: context.env,
    signal: context.signal,
    notify: reporter.notify,
  }
  try {
    const images = placeImages(ready, { registry: registry.host, prefix })
    const copied = await run({ ...common, placed: images.placed, siblings: () => [] })
    if ('problems' in copied) return copied
    const byPlace = new Map(copied.outcomes.map((outcome) => [outcome.destination, outcome]))
    const all = new Map(
      images.owners.map(([key, destination]) => [key, byPlace.get(destination)] as const),
    )
    const skipped = new Set(copying.onMissing === 'skip' ? missingOf(copied.outcomes) : [])
    const mayPush = (chart: PreparedChart) =>
      chart.images.every((image) => {
        const outcome = all.get(keyOf(chart, formatReference(image.reference)))
        return isGood(outcome) || (outcome !== undefined && skipped.has(outcome))
      })
    const charts = ready.filter(mayPush).map((chart): Placed => {
      const { group, place, archive } = chart
      const { name, repository, version } = group
      return { kind: 'chart', chart: { name, repository, version }, place, archive }
    })
    const pushed = await run({ ...common, placed: charts, siblings: () => [] })
    if ('problems' in pushed) return pushed
    return {
      images: new Map([...all].flatMap(([key, outcome]) => (outcome ? [[key, outcome]] : []))),
      charts: new Map(pushed.outcomes.map((outcome) => [outcome.name, outcome])),
      repositoriesEmpty: [...copied.repositoriesEmpty, ...pushed.repositoriesEmpty],
    }
  } finally {
    reporter.close()
  }
}

/** Returns every image once: releases and versions of a chart share most of them. */
function placeImages(charts: readonly PreparedChart[], target: Target) {
  const placed = new Map<string, Extract<Placed, { readonly kind: 'image' }>>()
  const owners: (readonly [string, string])[] = []
  for (const chart of charts) {
    for (const { reference, place } of chart.images) {
      const destination = formatDestination(target, place)
      owners.push([keyOf(chart, formatReference(reference)), destination])
      const earlier = placed.get(destination)
      if (earlier && formatReference(earlier.reference) !== formatReference(reference)) {
        throw new Error(`two images have the destination ${destination}`)
      }
      const users = earlier?.charts ?? []
      const names = [...new Set([...users, chart.group.name])]
      placed.set(destination, { kind: 'image', reference, place, charts: names })
    }
  }
  return { placed: [...placed.values()], owners }
}

async function run(
  options: MirrorOptions,
): Promise<
  Pick<Report, 'outcomes' | 'repositoriesEmpty'> | { readonly problems: readonly Problem[] }
> {
  if (options.placed.length === 0) return { outcomes: [], repositoriesEmpty: [] }
  const result = await mirror(options)
  return 'problems' in result ? result : result.report
}

/** Returns the key of a chart's image: in the `by-chart` layout, two charts have separate copies. */
export function keyOf({ group }: Pick<PreparedChart, 'group'>, reference: string): string {
  return `${group.name} ${group.version} ${reference}`
}

export function isGood(outcome: Outcome | undefined): boolean {
  return (
    outcome !== undefined &&
    ['copied', 'overwritten', 'restored', 'skipped'].includes(outcome.status)
  )
}
