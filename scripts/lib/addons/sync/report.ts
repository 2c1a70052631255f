import type { SyncFlags } from '../../commands/sync-addons.ts'
import { join } from 'node:path'
import { count } from '../../cli/text.ts'
import { countQuestions, describeState } from '../../model/chart/verdict.ts'
import type { IncompleteAddon } from '../../model/chart/addon.ts'
import type { Outcome } from '../../model/events.ts'
import { formatDestination, repositoryAt, type Target } from '../../model/image/layout.ts'
import type { Problem } from '../../model/problem.ts'
import { missingOf } from '../../mirror/sources/missing.ts'
import { formatReference } from '../../model/image/reference.ts'
import { isProven, type PreparedChart } from '../prepare/prepare.ts'
import { isGood, keyOf, type Pushed } from './push.ts'
import type { ResolvedAddon } from '../prepare/resolve-versions.ts'
import type { AddonOutcome, SyncReport } from './summary.ts'
import { type Attempted, overridesFileOf } from './options.ts'
import { notesOf, problemOfUnknown } from '../templates/words.ts'

interface SyncFacts {
  readonly attempted: readonly Attempted[]
  readonly unresolved: readonly {
    readonly addon: ResolvedAddon['addon']
    readonly problem: Problem
  }[]
  readonly incomplete: readonly IncompleteAddon[]
  readonly target: Target
  readonly flags: SyncFlags
  /** Images missing at their sources, if sources were checked without pushing. */
  readonly checked: ReadonlyMap<string, Problem>
  /** Undefined when nothing was to be pushed. */
  readonly pushed: Pushed | undefined
}

/** Returns the outcome of every add-on as plain data. */
export function makeSyncReport(facts: SyncFacts & { readonly milliseconds: number }): SyncReport {
  const { target, flags, pushed } = facts
  const images: Record<string, number> = {}
  for (const { status } of new Set(pushed?.images.values()))
    images[status] = (images[status] ?? 0) + 1
  return {
    format: 1,
    registry: target.registry,
    prefix: target.prefix,
    layout: flags.layout,
    scanOnly: flags.scanOnly ?? false,
    images,
    addons: [
      ...facts.attempted.flatMap((one) => outcomesOf(one, facts)),
      ...facts.unresolved.map(({ addon, problem }): AddonOutcome => ({
        ...nothingDone,
        release: addon.release,
        chart: addon.name,
        version: addon.version ?? '',
        path: addon.path,
        problems: [problem],
      })),
    ],
    incomplete: facts.incomplete,
    missing: missingOf([...new Set(pushed?.images.values())]).map(
      ({ kind, name, destination, charts = [] }) => ({ kind, name, destination, charts }),
    ),
    repositoriesEmpty: pushed?.repositoriesEmpty ?? [],
    milliseconds: Math.round(facts.milliseconds),
  }
}

const nothingDone = {
  status: 'failed',
  images: [],
  overrides: [],
  undecided: [],
  questions: [],
  notes: [],
} as const

function outcomesOf({ group, result, folder }: Attempted, facts: SyncFacts): AddonOutcome[] {
  const common = (release: string, path: string) => ({
    release,
    chart: group.name,
    version: group.version,
    path,
  })
  if (!result.ok) {
    return group.releases.map(({ release, path }) => ({
      ...nothingDone,
      ...common(release, path),
      problems: [result.problem],
    }))
  }
  const chart = result.value
  const { status, problems } = statusOf(chart, facts)
  const withoutDependencies = facts.flags.excludeDependencies || !facts.flags.includeDependencies
  const proven = withoutDependencies ? 'proven without dependencies' : 'proven'
  return group.releases.map((addon, index) => {
    const { release, path, unread = [] } = addon
    const unknown = chart.unknown.filter((one) => one.addon === addon)
    const untested = unknown.filter(({ effect }) => effect.kind === 'untested').length
    const files = unread.flatMap(({ kind, names }) => (kind === 'value-files' ? names : [])).length
    const templates = unread.filter(({ kind }) => kind === 'template').length
    const defeat = chart.defeats.find((one) => one.addon === addon)
    return {
      ...common(release, path),
      status,
      images: chart.images.map(({ reference, place }) => ({
        reference: formatReference(reference),
        destination: formatDestination(facts.target, place),
      })),
      address: `oci://${facts.target.registry}/${repositoryAt(facts.target, chart.place)}`,
      proof: [
        describeState(isProven(chart) ? proven : 'unproven', countQuestions(chart)),
        ...(untested > 0 ? [`${count(untested, 'template')} untested`] : []),
        ...(templates > 0 ? [`${count(templates, 'template')} not read`] : []),
        ...(files > 0 ? [`${count(files, 'values file')} not read`] : []),
      ].join(', '),
      ...(folder !== undefined && { folder, snippet: join(folder, defeat?.file ?? 'values.yaml') }),
      overrides: defeat?.leaves ?? [],
      undecided: index === 0 ? chart.undecided : [],
      questions: index === 0 ? chart.questions : [],
      notes: notesOf(release, unknown, unread),
      // Releases of one chart share its problems, which are reported once.
      problems: index === 0 ? problems : [],
    }
  })
}

function statusOf(
  chart: PreparedChart,
  { checked, pushed, flags }: SyncFacts,
): { readonly status: AddonOutcome['status']; readonly problems: Problem[] } {
  if (!isProven(chart) && !flags.allowUnproven) {
    const file = overridesFileOf(flags)
    const problems = [
      ...chart.faults.map((fault) => unproven(chart, fault)),
      ...chart.unknown.flatMap((unknown) => problemOfUnknown(unknown, file)),
    ]
    return { status: 'unproven', problems }
  }
  const names = chart.images.map(({ reference }) => formatReference(reference))
  if (pushed === undefined) {
    const problems = names.flatMap((name) => checked.get(name) ?? [])
    return { status: problems.length > 0 ? 'failed' : 'scanned', problems }
  }
  const images = names.map((name) => pushed.images.get(keyOf(chart, name)))
  const own = pushed.charts.get(`chart ${chart.group.name} ${chart.group.version}`)
  const bad = images.filter((outcome) => !isGood(outcome))
  if (bad.length > 0) {
    // Pushed anyway, so only missing images were skipped.
    if (isGood(own)) return { status: 'incomplete', problems: problemsOf(bad) }
    const differs = bad.every((outcome) => outcome?.status === 'differs')
    return { status: differs ? 'differs' : 'failed', problems: problemsOf(bad) }
  }
  if (!isGood(own)) {
    return { status: own?.status === 'differs' ? 'differs' : 'failed', problems: problemsOf([own]) }
  }
  const moved = [...images, own].some((outcome) => outcome?.status !== 'skipped')
  return { status: moved ? 'pushed' : 'already present', problems: [] }
}

function problemsOf(outcomes: readonly (Outcome | undefined)[]): Problem[] {
  return outcomes.flatMap((outcome) => outcome?.problem ?? [])
}

function unproven({ group }: PreparedChart, fault: string): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `chart ${group.name} ${group.version} is not proven and was not pushed: ${fault}`,
    next: 'if that difference is harmless, push it with --allow-unproven',
  }
}

/**
 * Returns 130 if interrupted, 1 if an add-on failed, differs or is not proven, else 0. With --strict, 1 also if something
 * about an add-on is not known.
 */
export function exitCodeOfSync(
  { addons }: SyncReport,
  { strict: isStrict }: Pick<SyncFlags, 'strict'>,
  wasInterrupted: boolean,
): number {
  if (wasInterrupted) return 130
  const good = new Set(['pushed', 'already present', 'scanned'])
  if (!addons.every(({ status }) => good.has(status))) return 1
  const isOpen = addons.some(
    ({ questions, undecided, notes }) => questions.length + undecided.length + notes.length > 0,
  )
  return isStrict && isOpen ? 1 : 0
}
