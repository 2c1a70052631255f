import type { OpenQuestion } from '../../../model/chart/question.ts'
import type { Problem, Result } from '../../../model/problem.ts'
import { groupBy } from '../../../model/collections.ts'
import type { RenderedDocument } from '../../render/documents.ts'
import type { RenderSettings } from '../../render/render.ts'
import { type Assumptions, type FurtherRender, furtherRenders } from '../assumptions.ts'
import type { VariantView } from '../view.ts'
import {
  type Further,
  furtherOn,
  isMore,
  type OverriddenView,
  overriddenBy,
  type Proofs,
} from './further.ts'
import {
  type ClusterDoors,
  differentClusters,
  newestVersionFor,
  type OtherCluster,
  questionsOn,
} from './other-cluster.ts'
import { describeSite } from './site.ts'

/** What an override leaves public elsewhere. */
export interface LeftElsewhere {
  /** Further ways in which the chart has to be proven too. */
  readonly ways: readonly FurtherRender['name'][]
  readonly questions: readonly OpenQuestion[]
}

/** Whether an override leaves nothing open elsewhere, as far as the chart renders there. */
export interface SameElsewhere {
  readonly isSame: boolean
  /** Why the chart does not render as an upgrade. */
  readonly upgrade?: Problem
}

/**
 * Compares an upgrade on other clusters with the proof of an override. They are the same when every reference there is
 * one of the proof, at its place, or private and the text of another one. Few renders show this, because each differs in
 * all respects, also in those that no template seems to ask for.
 */
export async function compareLeftElsewhere(
  view: VariantView,
  proof: Proofs,
  assumptions: Assumptions,
  doors: ClusterDoors,
): Promise<SameElsewhere> {
  const overridden = overriddenBy(proof, view, doors)
  let upgrade: Problem | undefined
  for (const asked of settingsElsewhere(overridden, assumptions)) {
    let found: Result<Further> | undefined
    let refused: Problem | undefined
    for (const settings of attemptsAt(asked, view, assumptions)) {
      if (upgrade !== undefined && settings.isUpgrade === true) continue
      found = await furtherOn(settings, overridden, doors)
      if (found.ok || found.problem.kind !== 'render-failed') break
      if (settings.isUpgrade === true) refused = found.problem
    }
    if (found?.ok !== true || !found.value.isKnown || isMore(found.value)) return { isSame: false }
    upgrade ??= refused
  }
  return { isSame: true, ...(upgrade !== undefined && { upgrade }) }
}

/**
 * Returns settings with respects that no template seems to ask for, and then with fewer of them: many charts reject an
 * upgrade without the passwords of the release, and some accept a range of versions only.
 */
function attemptsAt(
  asked: RenderSettings,
  { variant: { settings, assumes } }: VariantView,
  assumptions: Assumptions,
): RenderSettings[] {
  const newest = assumes?.kubeVersion === true ? newestVersionFor(assumptions) : asked.kubeVersion
  const versions = [...new Set([newest, asked.kubeVersion])]
  const ways = settings.isUpgrade === true ? [true] : [true, false]
  return ways.flatMap((isUpgrade) =>
    versions.map((kubeVersion) => ({ ...asked, kubeVersion, isUpgrade })),
  )
}

/** Returns the settings of an upgrade and of other clusters, joined so that there are few. */
function settingsElsewhere(overridden: OverriddenView, assumptions: Assumptions): RenderSettings[] {
  const { view } = overridden
  const { settings } = view.variant
  const further = unprovenWays(overridden, assumptions)
  const clusters = differentClusters(view, assumptions).map((one) => one.settings)
  return (clusters.length === 0 ? [settings] : clusters).map((each) =>
    further.reduce((all, way) => ({ ...all, ...way.settings }), each),
  )
}

/** Returns the further ways in which a variant is not proven yet. */
function unprovenWays({ view, proven }: OverriddenView, assumptions: Assumptions): FurtherRender[] {
  const ways = furtherRenders(assumptions, view.variant.settings)
  return ways.filter(({ name }) => !proven.has(name))
}

/**
 * Renders an override in an upgrade and on other clusters, and returns where references stay public that are private in
 * the proof, and which further charts are installed there. The same text may come from another value there, or be
 * written in the template, so a baseline cannot show this.
 */
export async function findLeftElsewhere(
  view: VariantView,
  proof: Proofs,
  assumptions: Assumptions,
  doors: ClusterDoors,
): Promise<LeftElsewhere> {
  const overridden = overriddenBy(proof, view, doors)
  const leftOn = (changed: Partial<RenderSettings>) =>
    furtherOn({ ...view.variant.settings, ...changed }, overridden, doors)
  const ways: FurtherRender['name'][] = []
  for (const way of unprovenWays(overridden, assumptions)) {
    const found = await leftOn(way.settings)
    if (found.ok && isMore(found.value)) ways.push(way.name)
  }
  const questions: OpenQuestion[] = []
  for (const cluster of ways.length > 0 ? [] : differentClusters(view, assumptions)) {
    const found = await leftOn(cluster.settings)
    if (!found.ok) continue
    const { left, questions: further, unread } = found.value
    questions.push(...questionsOn(cluster, view, left), ...further)
    questions.push(...unread.map((document) => unreadOn(cluster, view, document)))
  }
  return { ways, questions }
}

/** Returns the question about a document that only another cluster gets and that cannot be read. */
function unreadOn(
  { assumed, other }: OtherCluster,
  { variant }: VariantView,
  document: RenderedDocument,
): OpenQuestion {
  const site = describeSite({ document, path: [] })
  return { kind: 'unread-document', assumed, other, variant: variant.name, ...site }
}

/** Keeps one question about each image of another cluster, and one of several equal ones. */
export function distinctQuestions(questions: readonly OpenQuestion[]): OpenQuestion[] {
  return [...groupBy(questions, subjectIn).values()].flatMap(([question]) => question ?? [])
}

function subjectIn(question: OpenQuestion): string {
  return question.kind === 'other-cluster'
    ? `${question.variant} ${question.reference}`
    : JSON.stringify(question)
}
