import type { LayoutName, Target } from '../../model/image/layout.ts'
import type { Problem, Result } from '../../model/problem.ts'
import { about, failure, success } from '../../model/problem.ts'
import { append } from '../../model/collections.ts'
import { type PulledImage, pulledKey } from '../../model/chart/operator.ts'
import type { OpenQuestion } from '../../model/chart/question.ts'
import { subjectOf } from '../../model/chart/question-text.ts'
import { formatReference, type Reference } from '../../model/image/reference.ts'
import { renderMarks } from '../../model/chart/relocation.ts'
import { interruptible } from '../../steps/interruptible.ts'
import type { ChartFiles } from '../chart/chart.ts'
import type { Occurrence } from '../find/find.ts'
import type { Render } from '../render/render.ts'
import {
  type Assumptions,
  findAssumptions,
  type FurtherRender,
  furtherRenders,
} from './assumptions.ts'
import { declaredImages, describeUnfound, namedBeside } from './declared.ts'
import { placeNames, suffixOf } from './destinations.ts'
import { findEgress } from './egress/egress.ts'
import type { VariantEgress } from './egress/summary.ts'
import { joinedText, placeAndText } from './prove/joined.ts'
import { type LayoutRelocation, relocateLayout } from './layout.ts'
import type { Item, LayoutJob } from './job.ts'
import { withoutTarget } from './target-values.ts'
import type { Slot } from './solve/slots.ts'
import { compareElsewhere, type Elsewhere } from './questions/other-cluster.ts'
import { askAbout } from './questions/ask.ts'
import {
  compareLeftElsewhere,
  distinctQuestions,
  findLeftElsewhere,
} from './questions/left-elsewhere.ts'
import { expectPulls, type OperatorKnowledge } from './operators/expect.ts'
import { openVariant } from './variant.ts'
import type { Decide, Variant, VariantView } from './view.ts'

export interface RelocateOptions {
  readonly chart: ChartFiles
  readonly variants: readonly Variant[]
  readonly layouts: readonly LayoutName[]
  /** The registry used for the proof; the assignments do not depend on it. */
  readonly target: Target
  readonly decide: Decide
  readonly render: Render
  /** Checked while renders are searched and compared. */
  readonly signal: AbortSignal
  /** Images listed by hand; they may share a name with a found one. */
  readonly declared?: readonly Reference[]
  /** What is known of operators; nothing by default. */
  readonly operators?: OperatorKnowledge
  /** Called with each state of the search for values. */
  readonly onSearch?: LayoutJob['onSearch']
}

export interface Unrendered {
  readonly way: FurtherRender['name']
  readonly problem: Problem
}

export interface ChartRelocation {
  readonly assumptions: Assumptions
  /** Why the chart does not render in a further way; an upgrade may require passwords of the existing release. */
  readonly unrendered: readonly Unrendered[]
  readonly views: readonly VariantView[]
  /** Images that operators pull, which no render shows. */
  readonly pulled: readonly PulledImage[]
  /** What the publisher of the chart lists and was not found, in words. */
  readonly unfound: readonly string[]
  /** Questions that the proof leaves open, independent of the layout. */
  readonly questions: readonly OpenQuestion[]
  /** Addresses outside the cluster, apart from images. */
  readonly egress: readonly VariantEgress[]
  readonly layouts: readonly LayoutRelocation[]
  /** Returns the leaves that feed an occurrence in a variant. */
  readonly leavesOf: (variant: string, occurrence: Occurrence) => readonly Slot[]
  /** Returns what an occurrence must be in a layout, with `<registry>` and `<prefix>`. */
  readonly destinationOf: (layout: LayoutName, occurrence: Occurrence) => string
  /** Returns the same of a reference without tag and digest. */
  readonly placeOf: (layout: LayoutName, reference: Reference) => string
}

/**
 * Finds the values that redirect every reference of a chart to its destination, in all variants at once, and proves
 * them by rendering. Fails only when a variant does not render at all.
 */
export function relocateChart(options: RelocateOptions): Promise<Result<ChartRelocation>> {
  return relocateWith(options, { opened: new Map(), isThorough: false, forced: new Set() })
}

/** How thoroughly a chart is examined. */
interface Effort {
  /** Variants that were opened before, by name. */
  readonly opened: Map<string, VariantView>
  /** The chart is something else in an upgrade or on other clusters, so that each of these is examined. */
  readonly isThorough: boolean
  /** Names of further variants that are proven even if their baselines show nothing else. */
  readonly forced: ReadonlySet<string>
}

/** Relocates like `relocateChart`, with more effort when less proves too little. */
async function relocateWith(
  options: RelocateOptions,
  { opened: known, isThorough, forced }: Effort,
): Promise<Result<ChartRelocation>> {
  const { chart, layouts, declared = [], render, signal } = options
  const { registry } = options.target
  const variants = options.variants.map((variant) => {
    const { values, restored } = withoutTarget(chart, variant.values, registry)
    return { ...variant, values, restored }
  })
  // Images in the target are already private.
  const decide: Decide = (reference) =>
    reference.startsWith(`${registry}/`) ? 'ignore' : options.decide(reference)
  const asked = await interruptible(findAssumptions(chart), signal)
  // Something differs elsewhere, so a template may ask in a way that its text does not show.
  const assumptions = isThorough ? { ...asked, asksVersion: true } : asked
  const views: VariantView[] = []
  const unrendered: Unrendered[] = []
  const elsewhereOf = new Map<VariantView, Elsewhere>()
  const doors = { decide, render, signal, registry }
  for (const variant of variants) {
    const before = known.get(variant.name)
    const opened = before
      ? success(before)
      : await openVariant(chart, variant, decide, render, signal)
    if (!opened.ok) return failure(blame(variant, variants, opened.problem))
    const plain = opened.value
    known.set(variant.name, plain)
    views.push(plain)
    if (!isThorough) continue
    const elsewhere = await compareElsewhere(plain, assumptions, doors)
    const { differs, upgrade } = elsewhere
    elsewhereOf.set(plain, elsewhere)
    if (upgrade?.ok === false) unrendered.push({ way: 'upgrade', problem: upgrade.problem })
    const isSettled = { current: !differs, upgrade: upgrade !== undefined }
    for (const way of furtherRenders(assumptions, variant.settings)) {
      const isForced = forced.has(variant.name + renderMarks[way.name])
      if (isSettled[way.name] && !isForced) continue
      const further = await openFurther(chart, variant, way, isForced ? undefined : plain, doors)
      if (further.ok) {
        for (const view of further.value) {
          views.push(view)
          if (way.name !== 'upgrade') continue
          elsewhereOf.set(view, await compareElsewhere(view, assumptions, doors))
        }
      }
      // Only template errors are about the chart itself.
      else if (further.problem.kind === 'render-failed') {
        unrendered.push({ way: way.name, problem: further.problem })
      } else return failure(blame(variant, variants, further.problem))
    }
  }
  const items = views.flatMap((view): Item[] =>
    view.wanted.map((occurrence) => ({
      view,
      occurrence,
      id: idOf(view.variant.name, occurrence),
    })),
  )
  const expected = expectPulls(chart, views, options.operators ?? noKnowledge, declared)
  const pulled = expected.images.filter((image) => decide(pulledKey(image)) !== 'ignore')
  const references = [
    ...items.map(({ occurrence }) => occurrence.reference),
    ...declared,
    ...pulled.map(({ reference }) => reference),
  ]
  const beside = namedBeside(views)
  const names = new Map(
    layouts.map((layout) => [layout, placeNames(layout, chart.metadata.name, references, beside)]),
  )
  const placeOf = (layout: LayoutName, reference: Reference) => names.get(layout)?.(reference) ?? ''
  const destinationOf = (layout: LayoutName, occurrence: Occurrence) =>
    placeOf(layout, occurrence.reference) + suffixOf(joinedText(occurrence))
  const leaves = new Map<string, readonly Slot[]>()
  const solved: LayoutRelocation[] = []
  for (const layout of layouts) {
    solved.push(
      await relocateLayout({
        layout,
        items,
        views,
        target: options.target,
        placeName: names.get(layout) ?? (() => ''),
        destinationOf: (occurrence) => destinationOf(layout, occurrence),
        pulled,
        leaves,
        signal,
        onSearch: options.onSearch,
      }),
    )
  }
  const left: OpenQuestion[] = []
  const missed = new Set<string>()
  const [first] = solved
  for (const view of isThorough ? [] : views) {
    if (first === undefined) continue
    const { isSame, upgrade } = await compareLeftElsewhere(view, first, assumptions, doors)
    if (!isSame) return relocateWith(options, { opened: known, isThorough: true, forced })
    if (upgrade !== undefined) unrendered.push({ way: 'upgrade', problem: upgrade })
  }
  for (const view of elsewhereOf.keys()) {
    if (first === undefined) continue
    const { ways, questions } = await findLeftElsewhere(view, first, assumptions, doors)
    for (const way of ways) missed.add(view.variant.name + renderMarks[way])
    append(left, questions)
  }
  if ([...missed].some((name) => !forced.has(name))) {
    const all = new Set([...forced, ...missed])
    return relocateWith(options, { opened: known, isThorough, forced: all })
  }
  const found = views.flatMap((view) => view.found.occurrences.map(({ reference }) => reference))
  const listed = declaredImages(
    chart,
    views.map(({ values }) => values),
  )
  const questions: OpenQuestion[] = [...expected.questions]
  const egress: VariantEgress[] = []
  for (const view of views) {
    const sites = await interruptible(findEgress(view.baseline), signal)
    egress.push({ variant: view.variant.name, sites })
    append(questions, await askAbout(chart, view, assumptions, doors, elsewhereOf.get(view)))
  }
  const rendered = new Set(found.map(formatReference))
  const isOpen = (question: OpenQuestion) =>
    decide(subjectOf(question)) === undefined &&
    // An image of another cluster that a variant has is redirected there.
    !(question.kind === 'other-cluster' && rendered.has(question.reference))
  return success({
    assumptions: asked,
    unrendered,
    views,
    pulled,
    unfound: describeUnfound(listed, [...references, ...beside, ...found]),
    questions: distinctQuestions([...questions.filter(isOpen), ...left]),
    egress,
    layouts: solved.map((layout) => ({ ...layout, questions: layout.questions.filter(isOpen) })),
    leavesOf: (variant, occurrence) => leaves.get(idOf(variant, occurrence)) ?? [],
    destinationOf,
    placeOf,
  })
}

const noKnowledge: OperatorKnowledge = { catalog: [], systems: [] }

/**
 * Renders a chart in a further way, because some charts render jobs and hooks only then. It counts as another variant if
 * it shows references that the plain render does not have, or if there is no plain render to compare it with.
 */
async function openFurther(
  chart: ChartFiles,
  variant: Variant,
  { name, settings }: FurtherRender,
  plain: VariantView | undefined,
  { decide, render, signal }: Pick<RelocateOptions, 'decide' | 'render' | 'signal'>,
): Promise<Result<VariantView[]>> {
  const further = {
    ...variant,
    name: variant.name + renderMarks[name],
    settings: { ...variant.settings, ...settings },
  }
  const opened = await openVariant(chart, further, decide, render, signal)
  if (!opened.ok) return opened
  const known = new Set(plain?.wanted.map(placeAndText))
  const hasMore =
    plain === undefined || opened.value.wanted.some((one) => !known.has(placeAndText(one)))
  return success(hasMore ? [opened.value] : [])
}

function idOf(variant: string, { key }: Occurrence): string {
  return `${variant} ${key}`
}

function blame(variant: Variant, variants: readonly Variant[], problem: Problem): Problem {
  return variants.length > 1 ? about(`variant "${variant.name}"`, problem) : problem
}
