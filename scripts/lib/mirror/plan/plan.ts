import {
  chartTag,
  type ChartVersion,
  isOciRepository,
  ociChartUrl,
} from '../../model/chart/chart.ts'
import {
  formatDestination,
  type Place,
  repositoryAt,
  type Target,
} from '../../model/image/layout.ts'
import { bytesOf, manifestsOf, type Platform } from '../../model/image/content.ts'
import type { ContentComparison } from '../../model/events.ts'
import { contentOf, type Lock } from '../../model/manifest/lock.ts'
import { chartHost } from '../../model/manifest/manifest.ts'
import {
  contentOfSelected,
  digestOfSelected,
  type PlatformChoice,
  selectPlatforms,
} from '../../model/image/platform.ts'
import type { EcrRegistry } from '../../model/image/registry.ts'
import { type Problem, unwrap } from '../../model/problem.ts'
import { formatReference, parseReference, type Reference } from '../../model/image/reference.ts'
import { type Inventory, isImmutable, type Stored } from '../../aws/ecr/inventory.ts'
import { reasonFor } from './comparison.ts'
import { type ArchivedPolicy, archivedAs, decideUnreadable } from './decide-unreadable.ts'
import type { Unreadable } from '../../aws/ecr/unreadable.ts'
import { itemName, type Placed } from './placement.ts'
import type { RepositoriesPlan } from '../target/repositories.ts'
import type { Action, CopyDecision } from './decision.ts'

/** What to do with tags that are already present. */
export type ExistingPolicy = 'skip' | 'verify' | 'overwrite'

interface StepBase {
  /** Its name in all output: the canonical reference, or `chart name version`. */
  readonly name: string
  /** Host of the source; copies are limited and paced by host. */
  readonly host: string
  readonly place: Place
  /** Repository with prefix, as ECR knows it. */
  readonly repository: string
  readonly destination: string
  readonly action: Action
  readonly comparison?: ContentComparison
  /** The same as a sentence. */
  readonly reason: string
  /** Bytes to move, as far as the lock records them. */
  readonly bytes?: number
  readonly stored?: Stored
  /** The unreadable content of its tag, and what to do when that is archived. */
  readonly unreadable?: Unreadable
  readonly onArchived?: ArchivedPolicy
  /** Why it is not attempted: its source does not have it, or the content of its tag cannot be read. */
  readonly refused?: Problem
  /** True when ECR would not let the tag point to another image, whatever the policy. */
  readonly immutable: boolean
}

export interface ImageStep extends StepBase {
  readonly kind: 'image'
  readonly reference: Reference
  /** The digest at the source; absent when only the source can tell. */
  readonly digest?: string
  /** Manifests to push to the target, as far as the lock records them. */
  readonly manifests?: number
  /** Platforms to pick out of the image; absent when it is copied whole. */
  readonly platforms?: readonly Platform[]
  readonly charts: readonly string[]
}

export interface ChartStep extends StepBase {
  readonly kind: 'chart'
  readonly chart: ChartVersion
  /** SHA-256 of the archive, where the lock has it. */
  readonly archive?: string
  /** The archive itself, when it is on this machine. */
  readonly file?: string
}

export type MirrorStep = ImageStep | ChartStep

/** The source of a local archive. */
const thisMachine = 'this machine'

/** The plan as data. A dry run prints the same value that a real run applies. */
export interface Plan {
  readonly target: Target
  readonly existing: ExistingPolicy
  /** Repositories that do not exist yet, in order. */
  readonly create: readonly string[]
  readonly steps: readonly MirrorStep[]
  /** The requested repository settings; absent when there are none. */
  readonly repositories?: RepositoriesPlan
}

/** The input of a plan. */
export interface PlanSettings {
  readonly registry: EcrRegistry
  readonly prefix: string
  readonly existing: ExistingPolicy
  readonly platforms: PlatformChoice
  readonly lock: Lock
  /** What to do about archived images. Default: report them. */
  readonly onArchived?: ArchivedPolicy
}

/** The registry and prefix under which a run puts its places. */
export function targetOf({
  registry,
  prefix,
}: {
  readonly registry: EcrRegistry
  readonly prefix: string
}): Target {
  return { registry: registry.host, prefix }
}

/** Makes the plan from the selection, the content of the target and the lock. Pure. */
export function makePlan(
  placed: readonly Placed[],
  inventory: Inventory,
  settings: PlanSettings,
): Plan {
  const { existing } = settings
  const target = targetOf(settings)
  const steps = placed.map((item) => planStep(item, target, inventory, settings))
  const create = new Set(
    steps
      .filter(({ repository }) => !inventory.repositories.has(repository))
      .map(({ repository }) => repository),
  )
  return { target, existing, create: [...create].toSorted(), steps }
}

function planStep(
  item: Placed,
  target: Target,
  inventory: Inventory,
  { registry, existing, platforms, lock, onArchived = 'report' }: PlanSettings,
): MirrorStep {
  const repository = repositoryAt(target, item.place)
  const key = `${repository}:${item.place.tag}`
  const unreadable = inventory.unreadable?.get(key)
  const stored = unreadable === undefined ? inventory.stored.get(key) : archivedAs(unreadable)
  const settings = inventory.repositories.get(repository)
  const common = {
    name: itemName(item),
    place: item.place,
    repository,
    destination: formatDestination(target, item.place),
    immutable: settings !== undefined && isImmutable(settings, item.place.tag),
    ...(stored !== undefined && { stored }),
    ...(unreadable !== undefined && { unreadable, onArchived }),
  }
  const where = { registry, destination: common.destination, repository, tag: item.place.tag }
  const judge = (decision: CopyDecision, isComparable: boolean) =>
    unreadable === undefined
      ? decision
      : decideUnreadable({ ...where, unreadable }, decision, onArchived, isComparable)
  if (item.kind === 'image') {
    const { reference, charts } = item
    const locked = lock.images[formatReference(reference)]
    const digest = reference.digest ?? locked?.digest
    // An image pinned by digest is copied whole: a subset has another digest, and the values would not resolve.
    const picks = platforms !== 'auto' && reference.digest === undefined
    const whole = locked && digest === locked.digest ? contentOf(locked) : undefined
    const selected = whole && picks ? selectPlatforms(whole, platforms) : undefined
    const expected = picks ? selected?.ok && digestOfSelected(selected.value, digest) : digest
    const content = whole && (selected?.ok ? contentOfSelected(selected.value, whole) : whole)
    const bytes = content && bytesOf(content)
    return {
      ...common,
      kind: 'image',
      host: reference.registry,
      reference,
      charts,
      ...judge(decide(existing, stored?.digest, expected || undefined), true),
      ...(digest !== undefined && { digest }),
      ...(picks && { platforms }),
      ...(content && { manifests: manifestsOf(content) }),
      ...(bytes !== undefined && { bytes }),
    }
  }
  const { chart } = item
  const archive =
    item.archive === undefined
      ? lock.charts[`${chart.repository} ${chart.name} ${chart.version}`]?.digest
      : `sha256:${item.archive.sha256}`
  return {
    ...common,
    kind: 'chart',
    host: item.archive === undefined ? hostOfChart(chart) : thisMachine,
    ...(item.archive !== undefined && { file: item.archive.file }),
    chart,
    // The digest of a chart's archive is read from its manifest, which cannot be read for an archived chart.
    ...judge(
      unreadable === undefined
        ? decide(existing, stored && archiveOf(stored), archive)
        : decide('skip', stored?.digest, undefined),
      false,
    ),
    ...(archive !== undefined && { archive }),
  }
}

/** Returns the host of a reference. Docker Hub has many names; logins and budgets use the one in references. */
function hostOfChart(chart: ChartVersion): string {
  return chartReference(chart, chartTag(chart.version))?.registry ?? chartHost(chart)
}

/**
 * Returns the digest that identifies a stored chart: that of its archive. A tag with other content is identified by its
 * manifest, which equals no archive: it counts as present and different, and is never overwritten unless requested.
 */
export function archiveOf({ layer, digest }: Stored): string {
  return layer ?? digest
}

/** Decides about a tag: what is compared, and what follows from a difference. */
export function decide(
  existing: ExistingPolicy,
  stored: string | undefined,
  expected: string | undefined,
): CopyDecision {
  if (stored === undefined) return { action: 'copy', ...reasonFor('absent') }
  if (expected === undefined) {
    return existing === 'skip'
      ? { action: 'skip', ...reasonFor('not-compared') }
      : { action: 'compare', ...reasonFor('to-compare') }
  }
  if (stored === expected) return { action: 'skip', ...reasonFor('same') }
  return { action: existing === 'overwrite' ? 'overwrite' : 'differs', ...reasonFor('differs') }
}

/** Returns true for steps that may read from a source and push. */
export function mayCopy({ action }: Pick<MirrorStep, 'action'>): boolean {
  return action === 'copy' || action === 'compare' || action === 'overwrite'
}

/** Returns the reference that crane copies, for a chart of an OCI registry. */
export function chartReference(chart: ChartVersion, tag: string): Reference | undefined {
  if (!isOciRepository(chart.repository)) return undefined
  return unwrap(parseReference(`${ociChartUrl(chart).slice('oci://'.length)}:${tag}`))
}
