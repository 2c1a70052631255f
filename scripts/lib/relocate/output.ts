import { placeNames, type PlaceName } from '../charts/relocate/destinations.ts'
import { toJson } from '../cli/text.ts'
import type { NestedChart } from '../model/chart/nested.ts'
import { stateOf } from '../model/chart/verdict.ts'
import type { RelocationResult } from '../model/chart/relocation.ts'
import { fillPattern, type LayoutName, type Target } from '../model/image/layout.ts'
import { parseReference } from '../model/image/reference.ts'
import { unwrap } from '../model/problem.ts'
import { lineOf } from '../model/text/line.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { block, buildValues } from '../values/override.ts'
import { proofsOf } from './nested-text.ts'
import type { Relocated } from './relocate.ts'
import type { RelocateRequest } from './request.ts'

/** Renders the values file. */
export function renderValues({ name, version, solved }: Relocated, target: Target): string {
  const values = block(buildValues(solved.values, target))
  return (
    `# Values that make ${lineOf(name)} ${lineOf(version)} pull from ${target.registry}.\n` +
    (values === '' ? '# No values are needed.\n{}\n' : `${values}\n`)
  )
}

/** Renders the relocation as JSON. */
export function renderRelocation(
  relocated: Relocated,
  { target, layout }: Pick<RelocateRequest, 'target' | 'layout'>,
): string {
  const { name, version, result, solved, beaten, nested } = relocated
  const placeOf = placesIn(layout, name, result)
  const [proof] = solved.proofs
  return toJson({
    chart: { name, version },
    ...target,
    layout,
    images: result.images.map(({ reference, places }) => ({
      reference,
      destination: destinationOf(reference, placeOf, target),
      places,
    })),
    runtime: result.runtime.map(({ reference, ...rest }) => ({
      reference,
      destination: destinationOf(reference, placeOf, target),
      ...rest,
    })),
    state: stateOf(proofsOf(relocated)),
    questions: result.questions,
    egress: result.egress,
    undecided: result.undecided,
    dormant: result.dormant,
    values: buildValues(solved.values, target),
    beaten: beaten.map(formatLeafPath),
    unreached: solved.unreached,
    proof,
    notices: result.notices,
    ...(nested !== undefined && {
      nested: nested.nested.map((chart) => describeNested(chart, { target, layout })),
      skipped: nested.skipped,
    }),
  })
}

function describeNested(
  { result, solved, missing, ...chart }: NestedChart,
  { target, layout }: Pick<RelocateRequest, 'target' | 'layout'>,
) {
  const placeOf = placesIn(layout, chart.chart, result)
  return {
    ...chart,
    images: [...result.images, ...result.runtime].map(({ reference }) => ({
      reference,
      destination: destinationOf(reference, placeOf, target),
    })),
    state: stateOf(solved.proofs),
    questions: result.questions,
    undecided: result.undecided,
    egress: result.egress,
    values: buildValues(solved.values, target),
    missing: missing.map(({ field, values }) => ({ field, values: buildValues(values, target) })),
    unreached: solved.unreached,
    proof: solved.proofs[0],
    notices: result.notices,
  }
}

function placesIn(
  layout: LayoutName,
  chart: string,
  { images, runtime }: RelocationResult,
): PlaceName {
  const references = [...images, ...runtime].map(({ reference }) => parseReference(reference))
  return placeNames(layout, chart, references.map(unwrap))
}

/** Returns where a reference is in the target. */
export function destinationOf(reference: string, placeOf: PlaceName, target: Target): string {
  const parsed = unwrap(parseReference(reference))
  const tag = parsed.tag === undefined ? '' : `:${parsed.tag}`
  const digest = parsed.digest === undefined ? '' : `@${parsed.digest}`
  return `${fillPattern(placeOf(parsed), target)}${tag}${digest}`
}
