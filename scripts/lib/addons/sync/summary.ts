import { columns, count } from '../../cli/text.ts'
import { describeUnfilled, type MissingItem } from '../../mirror/report/unfilled-text.ts'
import type { OpenQuestion } from '../../model/chart/question.ts'
import { describeQuestion } from '../../model/chart/question-text.ts'
import type { Problem } from '../../model/problem.ts'

/** The outcome of one add-on. */
export interface AddonOutcome {
  readonly release: string
  readonly chart: string
  /** The resolved version; empty if it could not be resolved. */
  readonly version: string
  readonly path: string
  readonly status:
    | 'pushed'
    | 'already present'
    | 'scanned'
    | 'unproven'
    /** Its chart was pushed without images that are missing at their sources. */
    | 'incomplete'
    | 'failed'
    | 'differs'
  /** Canonical references with their destinations. */
  readonly images: readonly { readonly reference: string; readonly destination: string }[]
  /** The address of the repacked chart, even if it was not pushed. */
  readonly address?: string
  /** `proven`, or what is missing. */
  readonly proof?: string
  readonly folder?: string
  /** The values file that keeps it private, whatever its own values are. */
  readonly snippet?: string
  /** Leaves in the add-on's own values that the snippet must override. */
  readonly overrides: readonly string[]
  readonly undecided: readonly string[]
  readonly questions: readonly OpenQuestion[]
  /** Unknown facts about it: untested templates, and values outside its file. */
  readonly notes: readonly string[]
  readonly problems: readonly Problem[]
}

export interface SyncReport {
  readonly format: 1
  readonly registry: string
  readonly prefix: string
  readonly layout: string
  readonly scanOnly: boolean
  readonly images: Readonly<Record<string, number>>
  readonly addons: readonly AddonOutcome[]
  readonly incomplete: readonly { readonly path: string; readonly reason: string }[]
  /** Images that are not in the registry because their sources do not have them. */
  readonly missing: readonly MissingItem[]
  /** Repositories that were created for images or charts that then failed. */
  readonly repositoriesEmpty: readonly string[]
  readonly milliseconds: number
}

/** Returns a line for each add-on, and further notes for the user. */
export function renderSyncSummary(report: SyncReport): string[] {
  const { addons, images, milliseconds } = report
  const table = columns([
    ['add-on', 'chart', 'images', 'proof', 'result'],
    ...addons.map(({ release, chart, version, images: own, proof = '', status }) => [
      release,
      `${chart} ${version}`.trim(),
      String(own.length),
      proof,
      status,
    ]),
  ])
  const lines = addons.flatMap(
    ({ release, overrides, undecided, questions, notes, snippet = '' }) => [
      ...(overrides.length > 0
        ? [
            `${release}: its own values for ${overrides.join(', ')} override the private chart's defaults; install it with ${snippet}`,
          ]
        : []),
      ...questions.map((question) => `${release}: ${describeQuestion(question)}`),
      ...undecided.map((text) => `${release}: "${text}" may be an image and was left unchanged`),
      ...notes,
    ],
  )
  const moved = Object.entries(images)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}`)
  const bad = addons.filter(
    ({ status }) => !['pushed', 'already present', 'scanned'].includes(status),
  )
  return [
    '',
    ...table,
    '',
    ...lines,
    ...describeUnfilled(report.missing, report.repositoriesEmpty),
    ...(moved.length > 0 ? [`Images: ${moved.join(', ')}.`] : []),
    bad.length > 0
      ? `${bad.length} of ${count(addons.length, 'add-on')} ${bad.length === 1 ? 'needs' : 'need'} attention, see above (${seconds(milliseconds)}).`
      : `${count(addons.length, 'add-on')} done in ${seconds(milliseconds)}.`,
  ]
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
