import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { chartVersionOf } from '../model/manifest/manifest.ts'
import type { ListedChart } from '../model/chart/chart-list.ts'
import type { Operator } from '../model/chart/operator.ts'
import type { LayoutName, Target } from '../model/image/layout.ts'
import { releaseNameOf } from '../model/names/kubernetes.ts'
import { formatReference, parseReference } from '../model/image/reference.ts'
import { failure, type Problem, type Result, success, unwrap } from '../model/problem.ts'
import type { RelocationResult } from '../model/chart/relocation.ts'
import { type LocalChart, rendererOf } from '../charts/fetch/acquire.ts'
import { type RelocateOptions, relocateChart } from '../charts/relocate/relocate.ts'
import { summarize } from '../charts/relocate/result.ts'
import type { Decide } from '../charts/relocate/view.ts'
import type { Session } from '../session/session.ts'

/** Default Kubernetes version for rendering charts. */
export const defaultKubeVersion = '1.31.0'

/** Charts rendered in parallel: helm keeps one core busy. */
export const rendersAtOnce = Math.max(2, Math.min(availableParallelism(), 8))

const layouts: readonly LayoutName[] = ['mirrored', 'by-chart']

/** The placeholder registry of a proof; the result names no registry. */
const proofTarget: Target = {
  registry: '000000000000.dkr.ecr.us-east-1.amazonaws.com',
  prefix: '',
}

/** The findings for one chart, and their cost. */
export interface Discovery {
  readonly name: string
  readonly version: string
  readonly result: RelocationResult
  readonly variants: number
  /** Renders that were needed, and how many of them were not cached. */
  readonly renders: number
  readonly made: number
  readonly milliseconds: number
}

/** Settings for discovering a chart besides its list entry. */
export interface DiscoverChoices {
  /** Top-level keys of its values that it must not change. */
  readonly sealed?: readonly string[]
  /** Decides about references without a decision in the list. */
  readonly decide?: Decide
  /** What is known of operators; nothing by default. */
  readonly operators?: readonly Operator[]
}

/** Returns the options for relocating a listed chart in all its variants. */
export function relocateOptionsOf(
  listed: ListedChart,
  local: LocalChart,
  { sealed = [], decide, operators = [] }: DiscoverChoices = {},
): Omit<RelocateOptions, 'render' | 'layouts' | 'target' | 'signal'> {
  const listedDecision = deciderOf(listed)
  return {
    chart: local.chart,
    variants: Object.entries(listed.variants).map(([name, values]) => ({
      name,
      values,
      sealed,
      assumes: {
        kubeVersion: listed.kubeVersion === undefined,
        apiVersions: listed.apiVersions.length === 0,
      },
      settings: {
        kubeVersion: listed.kubeVersion ?? defaultKubeVersion,
        apiVersions: listed.apiVersions,
        release: releaseNameOf(listed.name),
        namespace: listed.namespace ?? 'default',
      },
    })),
    declared: listed.runtime.map(({ reference }) => unwrap(parseReference(reference))),
    operators: {
      catalog: operators,
      repository: listed.repository,
      systems: listed.nodeOs ?? [],
    },
    decide: (reference) => listedDecision(reference) ?? decide?.(reference),
  }
}

/** Finds and relocates the images of one chart in all its variants and layouts. */
export async function discoverChart(
  listed: ListedChart,
  local: LocalChart,
  session: Session,
  choices: DiscoverChoices = {},
): Promise<Result<Discovery>> {
  const began = performance.now()
  const renderer = rendererOf(local, session)
  const relocated = await relocateChart({
    ...relocateOptionsOf(listed, local, choices),
    layouts,
    target: proofTarget,
    render: renderer.render,
    signal: session.signal,
  })
  if (!relocated.ok) return relocated
  const counts = renderer.counts()
  return success({
    name: listed.name,
    version: chartVersionOf(listed).version,
    // A stored proof names no registry.
    result: summarize(relocated.value, local.hash, (text) =>
      text.replaceAll(proofTarget.registry, '<registry>'),
    ),
    variants: Object.keys(listed.variants).length,
    renders: counts.asked,
    made: counts.made,
    milliseconds: performance.now() - began,
  })
}

/** Creates a function that looks up decisions, by the text as rendered and by its canonical form. */
export function deciderOf({ decisions }: Pick<ListedChart, 'decisions'>): Decide {
  const known = new Map<string, 'mirror' | 'ignore'>()
  for (const { reference, decision } of decisions) {
    known.set(reference, decision)
    const parsed = parseReference(reference)
    if (parsed.ok) known.set(formatReference(parsed.value), decision)
  }
  return (reference) => known.get(reference)
}

export interface DiscoverOptions {
  readonly acquire: (chart: ListedChart) => Promise<Result<LocalChart>>
  readonly onEnd?: (discovery: Discovery) => void
  readonly choices?: DiscoverChoices
}

/** Discovers several charts in parallel. Tries every chart, and throws the problems of all that fail together. */
export async function discoverCharts(
  charts: readonly ListedChart[],
  session: Session,
  { acquire, onEnd, choices }: DiscoverOptions,
): Promise<{ readonly found: Discovery[]; readonly problems: Problem[] }> {
  const limit = pLimit(rendersAtOnce)
  const results = await Promise.all(
    charts.map((chart) =>
      limit(async (): Promise<Result<Discovery>> => {
        if (session.signal.aborted) return failure(interruption)
        const local = await acquire(chart)
        if (!local.ok) return local
        const found = await discoverChart(chart, local.value, session, choices)
        if (found.ok) onEnd?.(found.value)
        return found
      }),
    ),
  )
  return {
    found: results.flatMap((result) => (result.ok ? [result.value] : [])),
    problems: results.flatMap((result) => (result.ok ? [] : [result.problem])),
  }
}

const interruption: Problem = {
  kind: 'interrupted',
  side: 'local',
  message: 'interrupted before all charts were rendered',
}
