import type { SyncFlags } from '../../commands/sync-addons.ts'
import type { Context } from '../../cli/main.ts'
import { reporterFor } from '../../cli/reporter.ts'
import { readCopyFlags } from '../../mirror/session/flags.ts'
import { mirror } from '../../mirror/mirror.ts'
import { openMirrorDoors } from '../../mirror/session/open-doors.ts'
import { missingOf } from '../../mirror/sources/missing.ts'
import type { Placed } from '../../mirror/plan/placement.ts'
import { readRepositoryRequest, type RepositoryRequest } from '../../mirror/target/settings.ts'
import type { CopySettings, MirrorRequest, Preflighted } from '../../mirror/session/request.ts'
import type { Outcome } from '../../model/events.ts'
import { formatDestination, type Target } from '../../model/image/layout.ts'
import { emptyLock } from '../../model/manifest/lock.ts'
import { success } from '../../model/problem.ts'
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
  readonly copying: CopySettings
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
): Promise<Preflighted<Pushed>> {
  const { flags, registry, prefix, context } = settings
  const { copying, repositories } = settings.choices
  const ready = attempted.flatMap(({ result }) =>
    result.ok && (isProven(result.value) || flags.allowUnproven) ? [result.value] : [],
  )
  const reporter = await reporterFor(flags)
  const doors = openMirrorDoors(context, reporter.notify)
  const common: Omit<MirrorRequest, 'placed' | 'siblings'> = {
    registry,
    prefix,
    lock: emptyLock,
    copying,
    repositories,
    tolerant: true,
    origin: originOfAddons(flags),
  }
  const push = async (placed: readonly Placed[]) => {
    if (placed.length === 0) return success({ outcomes: [], repositoriesEmpty: [] })
    const result = await mirror({ ...common, placed, siblings: () => [] }, doors)
    return result.ok ? success(result.value.report) : result
  }
  try {
    const images = placeImages(ready, { registry: registry.host, prefix })
    const copied = await push(images.placed)
    if (!copied.ok) return copied
    const { outcomes } = copied.value
    const byPlace = new Map(outcomes.map((outcome) => [outcome.destination, outcome]))
    const all = new Map(
      images.owners.map(([key, destination]) => [key, byPlace.get(destination)] as const),
    )
    const skipped = new Set(copying.onMissing === 'skip' ? missingOf(outcomes) : [])
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
    const pushed = await push(charts)
    if (!pushed.ok) return pushed
    return success({
      images: new Map([...all].flatMap(([key, outcome]) => (outcome ? [[key, outcome]] : []))),
      charts: new Map(pushed.value.outcomes.map((outcome) => [outcome.name, outcome])),
      repositoriesEmpty: [...copied.value.repositoriesEmpty, ...pushed.value.repositoriesEmpty],
    })
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
