import { createHash } from 'node:crypto'
import { compareText, groupBy } from '../../model/collections.ts'
import { formatLeafPath } from '../../model/values/leaf-path.ts'
import type { Problem } from '../../model/problem.ts'
import { formatReference } from '../../model/image/reference.ts'
import type {
  FoundImage,
  FoundPlace,
  LayoutResult,
  Proof,
  ProofResult,
  RelocationResult,
  RuntimeImage,
  Unreached,
} from '../../model/chart/relocation.ts'
import { pulledKey } from '../../model/chart/operator.ts'
import { type OpenQuestion, questionKey } from '../../model/chart/question.ts'
import type { Occurrence } from '../find/find.ts'
import { describeSite, siteOf } from './questions/site.ts'
import { describeAssumptions, unrenderedWords } from './assumptions.ts'
import { summarizeEgress } from './egress/summary.ts'
import { dormantImages } from './solve/dormant.ts'
import { privateTexts } from '../../model/text/given-texts.ts'
import {
  describeProofFaults,
  type FaultTextOptions,
  faultsOf,
  type ProofFault,
} from './prove/faults.ts'
import { clip } from '../../model/text/clip.ts'
import type { LayoutRelocation, VariantProof } from './layout.ts'
import type { ChartRelocation, Unrendered } from './relocate.ts'
import type { VariantView } from './view.ts'

/**
 * Converts the findings and proofs to plain data: sorted, registry-independent, the same on every machine.
 *
 * @param show how faults show a text of a render
 */
export function summarize(
  relocation: ChartRelocation,
  hash: string,
  show?: (text: string) => string,
): RelocationResult {
  const { views, assumptions, unrendered, unfound } = relocation
  const images = collectImages(relocation, ({ wanted }) => wanted)
  return {
    images,
    runtime: runtimeOf(relocation),
    undecided: collectImages(relocation, ({ undecided }) => undecided),
    dormant: summarizeDormant(relocation),
    questions: questionsOf(relocation),
    egress: summarizeEgress(relocation.egress),
    layouts: Object.fromEntries(
      relocation.layouts.map((layout) => [
        layout.layout,
        summarizeLayout(layout, relocation, hash, show),
      ]),
    ),
    notices: [
      ...new Set([
        ...views.flatMap(noticesOf),
        ...describeAssumptions(assumptions, assumedVersions(views)),
        ...unrendered.map(aboutFurther),
        ...unfound,
      ]),
    ],
  }
}

function runtimeOf({ pulled }: ChartRelocation): RuntimeImage[] {
  return pulled
    .map(({ operator, when, leaves, field, source, ...image }): RuntimeImage => ({
      reference: pulledKey(image),
      operator,
      when,
      leaves: leaves.map(({ path }) => formatLeafPath(path)),
      ...(field !== undefined && { field }),
      source,
    }))
    .toSorted((a, b) => compareText(a.reference, b.reference))
}

function summarizeDormant({ views, leavesOf }: ChartRelocation): RelocationResult['dormant'] {
  const feeding = views.flatMap(({ variant, wanted }) =>
    wanted.flatMap((occurrence) => leavesOf(variant.name, occurrence).map(({ path }) => path)),
  )
  const byReference = groupBy(dormantImages(views, feeding), ({ reference }) => reference)
  return [...byReference].map(([reference, images]) => ({
    reference,
    leaves: [...new Set(images.flatMap(({ leaves }) => leaves.map(formatLeafPath)))],
  }))
}

function collectImages(
  { views, leavesOf }: ChartRelocation,
  part: (view: VariantView) => readonly Occurrence[],
): FoundImage[] {
  const all = views.flatMap((view) =>
    part(view).map((occurrence) => ({
      variant: view.variant.name,
      occurrence,
      leaves: leavesOf(view.variant.name, occurrence).map(({ path }) => formatLeafPath(path)),
    })),
  )
  const byReference = groupBy(all, ({ occurrence }) => formatReference(occurrence.reference))
  return [...byReference]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([reference, found]) => ({
      reference,
      places: [...groupBy(found, ({ occurrence }) => placeKey(occurrence)).values()].map((same) =>
        placeOfAll(same),
      ),
    }))
}

interface Seen {
  readonly variant: string
  readonly occurrence: Occurrence
  readonly leaves: readonly string[]
}

function placeOfAll(same: readonly Seen[]): FoundPlace {
  const [first] = same
  if (first === undefined) throw new Error('a place needs an occurrence')
  return {
    variants: [...new Set(same.map(({ variant }) => variant))],
    class: first.occurrence.class,
    ...describePlace(first.occurrence),
    leaves: [...new Set(same.flatMap(({ leaves }) => leaves))],
  }
}

function describePlace(occurrence: Occurrence) {
  return describeSite(siteOf(occurrence))
}

function placeKey(occurrence: Occurrence): string {
  const { document, path, template } = describePlace(occurrence)
  return `${template} ${document} ${path}`
}

function summarizeLayout(
  { assignments, stuck, proofs }: LayoutRelocation,
  { views, leavesOf }: ChartRelocation,
  hash: string,
  show?: (text: string) => string,
): LayoutResult {
  const unreached = stuck.map(({ variant, occurrence, cause }): Unreached => ({
    reference: formatReference(occurrence.reference),
    variant,
    cause,
    ...describePlace(occurrence),
    leaves: leavesOf(variant, occurrence).map(({ path }) => formatLeafPath(path)),
  }))
  return {
    values: assignments,
    unreached,
    proofs: proofs.map((proof) => {
      const view = views.find(({ variant }) => variant.name === proof.variant)
      const inputs = { hash, assignments, values: view?.variant.values, ...view?.variant.settings }
      const secrets = privateTexts(view === undefined ? [] : [view.variant.values])
      return summarizeProof(proof, sha256(JSON.stringify(inputs)), { secrets, show })
    }),
  }
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function summarizeProof(
  { variant, comparison, problem }: VariantProof,
  inputs: string,
  texts: FaultTextOptions,
): Proof {
  const found: readonly ProofFault[] =
    problem === undefined ? faultsOf(comparison) : [{ kind: 'not-rendered', reason: problem }]
  const faults = describeProofFaults(found, texts)
  const places = comparison.checked
  const result = resultOfProof(found, places)
  return { variant, result, places, inputs, faults }
}

function resultOfProof(faults: readonly ProofFault[], places: number): ProofResult {
  if (faults.some(({ kind }) => kind === 'not-rendered')) return 'failed'
  if (faults.length > 0) return 'unproven'
  return places === 0 ? 'empty' : 'proven'
}

/** Returns the fault of a schema: the line after helm's preface and the chart's name. */
function schemaWords(message: string): string {
  const [first = '', , reason = first] = message.split('\n')
  return clip(reason.trim())
}

function aboutSchema({ kind, message }: Problem): string {
  return kind === 'unsafe-address'
    ? `its values were not checked against its schema: ${message.replaceAll('\n', '⏎')}`
    : `its values.schema.json is invalid and was skipped: ${schemaWords(message)}`
}

function aboutFurther({ way, problem: { message } }: Unrendered): string {
  return `${unrenderedWords[way]}: ${clip(message)}`
}

function noticesOf({ schemaProblem, variant: { restored = [] } }: VariantView): string[] {
  // What values violate is asked about instead.
  const isUnchecked = schemaProblem !== undefined && schemaProblem.violations === undefined
  const leaves = restored.map(({ path }) => formatLeafPath(path)).join(', ')
  return [
    ...(isUnchecked ? [aboutSchema(schemaProblem)] : []),
    ...(leaves === ''
      ? []
      : [`your values already point to the target; images were found without ${clip(leaves)}`]),
  ]
}

function assumedVersions(views: readonly VariantView[]): string[] {
  const assumed = views.filter(({ variant }) => variant.assumes?.kubeVersion === true)
  return [...new Set(assumed.map(({ variant }) => variant.settings.kubeVersion))]
}

/** Returns each question once, even if it arises in several variants and layouts. */
function questionsOf({ questions, layouts }: ChartRelocation): OpenQuestion[] {
  const all = [...questions, ...layouts.flatMap((layout) => layout.questions)]
  return [...groupBy(all, questionKey).values()].flatMap(([first]) => first ?? [])
}
