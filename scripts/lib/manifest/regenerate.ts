import { composeManifest, type UmbrellaResult } from '../model/manifest/compose.ts'
import type { ChartList, ListedChart } from '../model/chart/chart-list.ts'
import type { Operator } from '../model/chart/operator.ts'
import { chartVersionOf, type Manifest, resultOf } from '../model/manifest/manifest.ts'
import { type Problem, ProblemError, unwrap } from '../model/problem.ts'
import { hashInput } from '../sources/manifest/module.ts'
import type { ValuesTree } from '../model/values/values.ts'
import { type Acquirer, createAcquirer, openLocal } from '../charts/fetch/acquire.ts'
import { type Discovery, discoverChart, discoverCharts } from './discover.ts'
import type { Decide } from '../charts/relocate/view.ts'
import { readUmbrella, resolvePublished } from './umbrella.ts'
import type { Session } from '../session/session.ts'

/** The input of a manifest. */
export interface RegenerateInput {
  readonly list: ChartList
  /** Text of the chart list. */
  readonly text: string
  /** Charts to discover again; the others are copied from `previous`. */
  readonly only?: ReadonlySet<string>
  readonly previous?: Manifest
  /** What is known of operators; nothing by default. */
  readonly operators?: readonly Operator[]
}

export interface Regenerated {
  readonly manifest: Manifest
  readonly discoveries: readonly Discovery[]
}

/**
 * Renders the charts of a list and composes the manifest. Throws `ProblemError` with the problems of every chart that
 * failed: a partial manifest would be worse than none.
 */
export async function regenerate(
  input: RegenerateInput,
  session: Session,
  onEnd: (discovery: Discovery) => void,
): Promise<Regenerated> {
  const { list, text, only, previous, operators = [] } = input
  const kept = list.charts.filter(({ name }) => only !== undefined && !only.has(name))
  const wanted = list.charts.filter((chart) => !kept.includes(chart))
  const acquirer = createAcquirer(session)
  const { found, problems } = await discoverCharts(wanted, session, {
    acquire: (chart) => acquirer.published(chartVersionOf(chart)),
    onEnd,
    choices: { operators },
  })
  if (problems.length > 0) throw new ProblemError(problems)
  const results = new Map(found.map(({ name, result }) => [name, result]))
  for (const chart of kept) results.set(chart.name, knownResult(chart, previous))
  const manifest = unwrap(composeManifest({ list, input: hashInput(text, operators), results }))
  return { manifest, discoveries: found }
}

/**
 * Returns the result in the manifest on disk for a chart that is not discovered again. It must be for the same chart.
 */
function knownResult(chart: ListedChart, previous: Manifest | undefined) {
  const known = previous?.charts.find(({ name }) => name === chart.name)
  const isSame =
    known !== undefined &&
    known.version === chart.version &&
    known.repository === chart.repository &&
    known.variants.join() === Object.keys(chart.variants).join()
  if (previous === undefined || !isSame) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: `chart "${chart.name}" ${chart.version} has changed since the manifest was generated`,
      next: 'regenerate without --chart to check every chart',
    })
  }
  return resultOf(previous, known)
}

export interface UmbrellaInput {
  /** Folder or archive of the umbrella chart. */
  readonly path: string
  readonly values: ValuesTree
  /** Declarations by hand: runtime and direct images, decisions. */
  readonly declared: ChartList
  /** Decides about undeclared references. */
  readonly decide?: Decide
  /** Kubernetes version of the target cluster, for example `1.33.0`. */
  readonly kubeVersion?: string
  /** What is known of operators; nothing by default. */
  readonly operators?: readonly Operator[]
}

/** Composes the manifest of an umbrella chart: its `charts:` map is the list, and its own images count. */
export async function regenerateFromUmbrella(
  { path, values, declared, decide, kubeVersion, operators = [] }: UmbrellaInput,
  session: Session,
  onEnd: (discovery: Discovery) => void,
): Promise<Regenerated> {
  const local = unwrap(await openLocal(path, session))
  const umbrella = unwrap(readUmbrella(local, values, declared.charts, kubeVersion))
  const acquirer = createAcquirer(session)
  const charts = await resolveAll(umbrella.charts, acquirer)
  const choices = { operators, ...(decide !== undefined && { decide }) }
  const { found, problems } = await discoverCharts(charts, session, {
    acquire: (chart) => acquirer.published(chartVersionOf(chart)),
    onEnd,
    choices,
  })
  const own = await discoverChart(umbrella.own, local, session, { ...choices, sealed: ['charts'] })
  if (own.ok) onEnd(own.value)
  const all = own.ok ? problems : [...problems, own.problem]
  if (all.length > 0 || !own.ok) throw new ProblemError(all)
  const result: UmbrellaResult = {
    name: umbrella.own.name,
    version: umbrella.own.version,
    digest: local.hash,
    result: own.value.result,
  }
  const manifest = unwrap(
    composeManifest({
      list: { ...declared, charts },
      input: umbrellaHash(local.hash, { values, kubeVersion, operators }),
      results: new Map(found.map(({ name, result: each }) => [name, each])),
      umbrella: result,
    }),
  )
  return { manifest, discoveries: [...found, own.value] }
}

/** What the manifest of an umbrella chart depends on, apart from the chart. */
interface UmbrellaSettings {
  readonly values: ValuesTree
  readonly kubeVersion: string | undefined
  readonly operators: readonly Operator[]
}

/** Returns the hash of the umbrella chart and the settings that a manifest was made from. */
export function umbrellaHash(
  chartHash: string,
  { values, kubeVersion, operators }: UmbrellaSettings,
): string {
  const inputs = [chartHash, values, ...(kubeVersion === undefined ? [] : [kubeVersion])]
  return hashInput(JSON.stringify(inputs), operators)
}

async function resolveAll(
  charts: readonly ListedChart[],
  acquirer: Acquirer,
): Promise<ListedChart[]> {
  const resolved = await Promise.all(charts.map((chart) => resolvePublished(chart, acquirer)))
  const problems = resolved.flatMap((result): Problem[] => (result.ok ? [] : [result.problem]))
  if (problems.length > 0) throw new ProblemError(problems)
  return resolved.flatMap((result) => (result.ok ? [result.value] : []))
}
