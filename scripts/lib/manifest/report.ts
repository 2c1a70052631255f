import { columns, count } from '../cli/text.ts'
import { groupBy } from '../model/collections.ts'
import type { Manifest, ManifestChart } from '../model/manifest/manifest.ts'
import { inOrigin, type Origin } from '../model/origin.ts'
import type { ManifestChange } from '../model/manifest/diff.ts'
import { describeEgress } from '../model/chart/egress.ts'
import { describeQuestion, settledBy } from '../model/chart/question-text.ts'
import { countQuestions, describeState, stateOf } from '../model/chart/verdict.ts'
import { variantName } from '../model/chart/relocation.ts'
import type { Discovery } from './discover.ts'

const marks: Readonly<Record<ManifestChange['kind'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
}

/** Returns the changes for a review, chart by chart. */
export function renderChanges(changes: readonly ManifestChange[]): string[] {
  return [...groupBy(changes, ({ chart }) => chart)].flatMap(([chart, own]) => {
    const heading = own.find(({ subject }) => subject === 'chart')
    const title = chart === undefined ? 'outside charts' : (heading?.text ?? chart)
    const mark = heading === undefined ? ' ' : marks[heading.kind]
    const lines = own
      .filter((change) => change !== heading)
      .map(({ kind, subject, text }) => `    ${marks[kind]} ${subject} ${text}`)
    return [`${mark} ${title}`, ...lines]
  })
}

/** Returns the progress line of a discovered chart. */
export function describeDiscovery({ name, version, result, ...cost }: Discovery): string {
  const { variants, renders, made, milliseconds } = cost
  const proofs = result.layouts.mirrored?.proofs ?? []
  const bad = proofs.filter(({ result: own }) => own === 'unproven' || own === 'failed')
  const state = stateOf(proofs)
  const under = bad.map(({ variant }) => variant).join(', ')
  const words = describeState(state, countQuestions(result))
  const known = made < renders ? ` (${renders - made} known)` : ''
  return (
    `${name} ${version}: ${count(result.images.length, 'image')}${describePulled(result)}, ${words}${under === '' ? '' : ` in ${under}`}; ` +
    `${count(variants, 'variant')}, ${count(renders, 'render')}${known}, ${(milliseconds / 1000).toFixed(1)} s`
  )
}

function describePulled({ runtime }: Discovery['result']): string {
  return runtime.length === 0 ? '' : ` and ${runtime.length} more at run time`
}

/**
 * Returns the findings that need attention: references that stay public, undecided text, and images that only some
 * variants need.
 */
export function renderFindings(
  { charts, images, umbrella }: Manifest,
  lookedAt: ReadonlySet<string>,
  origin: Origin,
): string[] {
  const all = [...charts, ...(umbrella === undefined ? [] : [umbrella])]
  const owners = all.filter(({ name }) => lookedAt.has(name))
  return owners.flatMap((chart) => [
    ...('variants' in chart ? onlySomeVariants(chart, images) : []),
    ...(chart.relocation.mirrored?.unreached ?? []).map(
      ({ reference, document, path, template, variant, cause }) =>
        `! ${chart.name}: ${reference} stays public in variant "${variant}" (${cause}): ${document} ${path}, from ${template}`,
    ),
    ...faults(chart),
    ...chart.undecided.map(
      ({ reference, places: [place] }) =>
        `? ${chart.name}: ${reference} may be an image: ${place?.document ?? ''} ${place?.path ?? ''}; decide ${inOrigin(origin)}`,
    ),
    ...chart.questions.map(
      (question) =>
        `? ${chart.name}: ${describeQuestion(question)}; ${settledBy(question, origin)}`,
    ),
    ...(chart.egress ?? []).map((egress) => `> ${chart.name}: ${describeEgress(egress)}`),
    ...chart.notices.map((notice) => `! ${chart.name}: ${notice}`),
  ])
}

function faults(chart: Pick<ManifestChart, 'name' | 'relocation'>): string[] {
  const unreached = chart.relocation.mirrored?.unreached.length ?? 0
  const proofs = chart.relocation.mirrored?.proofs ?? []
  // References that stay public are reported above, with their cause.
  return unreached > 0
    ? []
    : proofs.flatMap(({ variant, faults: own }) =>
        own.map((fault) => `! ${chart.name}: not proven in variant "${variant}": ${fault}`),
      )
}

function onlySomeVariants(chart: ManifestChart, images: Manifest['images']): string[] {
  const rows = images.flatMap(({ reference, found }) => {
    const own = found.filter((place) => place.chart === chart.name)
    const variants = new Set(own.flatMap((place) => place.variants.map(variantName)))
    return variants.size === 0 || variants.size === chart.variants.length
      ? []
      : [[`  ${chart.name}: ${reference}`, `only in ${[...variants].join(', ')}`]]
  })
  return columns(rows)
}
