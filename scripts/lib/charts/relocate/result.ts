import { createHash } from 'node:crypto'
import { compareText, groupBy } from '../../model/collections.ts'
import { formatLeafPath } from '../../model/leaf-path.ts'
import type { Problem } from '../../model/problem.ts'
import { formatReference } from '../../model/reference.ts'
import type {
  FoundImage,
  FoundPlace,
  LayoutResult,
  Proof,
  RelocationResult,
  Unreached,
} from '../../model/relocation.ts'
import { documentTitle, formatPlace } from '../documents.ts'
import type { Occurrence } from '../find/find.ts'
import { dormantImages } from './dormant.ts'
import { joinedText } from './joined.ts'
import { type Comparison, unreadPlace } from './prove.ts'
import type { LayoutRelocation, VariantProof } from './layout.ts'
import type { ChartRelocation } from './relocate.ts'
import type { VariantView } from './variant.ts'

/** Turns what was found and proven into plain data: sorted, registry-independent, the same on every machine. */
export function summarize(relocation: ChartRelocation, hash: string): RelocationResult {
  const { views } = relocation
  const images = collectImages(relocation, ({ wanted }) => wanted)
  return {
    images,
    undecided: collectImages(relocation, ({ undecided }) => undecided),
    dormant: summarizeDormant(relocation),
    layouts: Object.fromEntries(
      relocation.layouts.map((layout) => [
        layout.layout,
        summarizeLayout(layout, relocation, hash),
      ]),
    ),
    notices: [...new Set(views.flatMap(noticesOf))],
  }
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

function describePlace({ document, pieces }: Occurrence) {
  return {
    document: documentTitle(document),
    path: formatPlace(pieces[0]?.path ?? []),
    template: document.source,
  }
}

function placeKey(occurrence: Occurrence): string {
  const { document, path, template } = describePlace(occurrence)
  return `${template} ${document} ${path}`
}

function summarizeLayout(
  { assignments, stuck, proofs }: LayoutRelocation,
  { views, leavesOf }: ChartRelocation,
  hash: string,
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
      return summarizeProof(proof, sha256(JSON.stringify(inputs)))
    }),
  }
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function summarizeProof({ variant, comparison, problem }: VariantProof, inputs: string): Proof {
  const faults = problem === undefined ? faultsOf(comparison) : [problem]
  const places = comparison.checked
  const result = faults.length > 0 ? 'unproven' : places === 0 ? 'empty' : 'proven'
  return { variant, result, places, inputs, faults }
}

/** Everything that speaks against a proof, one sentence each. */
export function faultsOf({ misplaced, appeared, changes }: Comparison): string[] {
  return [
    ...misplaced.map(
      ({ occurrence, expected, actual }) =>
        `${placeText(occurrence)} is ${actual === undefined ? 'gone' : `"${actual}"`}, not "${expected}"`,
    ),
    ...appeared.map(
      (occurrence) => `${placeText(occurrence)} is "${joinedText(occurrence)}", which is new`,
    ),
    ...changes.map(({ document, path, before, after }) =>
      path === unreadPlace
        ? `${documentTitle(document)} cannot be read as YAML, or helm reads it otherwise: what it names is not known`
        : `${documentTitle(document)} ${path} changes from "${clip(before)}" to "${clip(after)}", which is no reference`,
    ),
  ]
}

function placeText({ document, pieces }: Occurrence): string {
  return `${documentTitle(document)} ${formatPlace(pieces[0]?.path ?? [])}`
}

/** Enough of a long text to know it by. */
function clip(text: string): string {
  const line = text.slice(0, 121).replaceAll('\n', '⏎')
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}

/** What is wrong with a schema: the line after helm's preface and the chart's name. */
function schemaWords(message: string): string {
  const [first = '', , reason = first] = message.split('\n')
  return clip(reason.trim())
}

function aboutSchema({ kind, message }: Problem): string {
  return kind === 'unsafe-address'
    ? `values were not checked against its schema: ${message.replaceAll('\n', '⏎')}`
    : `its values.schema.json is invalid and was skipped: ${schemaWords(message)}`
}

function noticesOf({ schemaProblem, found, variant }: VariantView): string[] {
  return [
    ...(schemaProblem === undefined ? [] : [aboutSchema(schemaProblem)]),
    ...found.oddities.map(
      ({ document, path, text }) =>
        `${documentTitle(document)} ${formatPlace(path)} holds "${clip(text)}", which is not an image reference`,
    ),
    ...(found.occurrences.length === 0
      ? [`no image at all is rendered under variant "${variant.name}"`]
      : []),
  ]
}
