import { resolve } from 'node:path'
import { locateChart } from '../charts/fetch/locate.ts'
import { renderGraph } from '../charts/fetch/graph.ts'
import type { Context } from '../cli/main.ts'
import { count } from '../cli/text.ts'
import type { RelocateFlags } from '../commands/relocate-chart.ts'
import { defaultKubeVersion } from '../manifest/discover.ts'
import { describeRuntime } from '../model/chart/runtime-text.ts'
import { describeState, stateOf } from '../model/chart/verdict.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { unwrap } from '../model/problem.ts'
import { lineOf } from '../model/text/line.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { loadOperators } from '../sources/operators-yaml.ts'
import { withSession, type SessionOptions } from '../session/session.ts'
import { systemClock } from '../tools/pacing/clock.ts'
import type { GivenValues } from '../values/given.ts'
import { describeDormant } from './dormant-text.ts'
import { describeEvent } from './event-text.ts'
import { exitCodeFor, logNotes, printImages } from './ending.ts'
import { countAll, nestedLines, proofsOf } from './nested-text.ts'
import { renderRelocation, renderValues } from './output.ts'
import { findInput, runPlain } from './plain-command.ts'
import { unprovenProblems } from './problems.ts'
import { relocate, type Relocated } from './relocate.ts'
import type { RelocateRequest } from './request.ts'

/** Runs `relocate-chart` for one chart from any source, without a manifest. Returns the exit code. */
export async function runRelocate(
  registryText: string,
  chartText: string,
  flags: RelocateFlags,
  context: Context,
): Promise<number> {
  const input = unwrap(await findInput(chartText, flags))
  if (input !== undefined) return runPlain(registryText, input, flags, context)
  const operators = flags.graph ? [] : await loadOperators(flags.operators)
  const request = { ...readRequest(registryText, chartText, flags), operators }
  const hasValues = request.variants.some(
    ({ given: { files, sets } }) => files.length + sets.length > 0,
  )
  const options: SessionOptions = {
    isQuiet: flags.quiet ?? false,
    values: hasValues ? 'given' : 'declared',
    origin: { kind: 'command-line' },
  }
  return withSession(context, options, async (session) => {
    if (flags.graph) {
      context.print(renderGraph(unwrap(await locateChart(request.query, session)).chart))
      return 0
    }
    const relocated = await relocate(request, {
      ...session,
      clock: systemClock,
      notify: (event) => {
        if (event.kind !== 'searched' || flags.verbose) context.log(describeEvent(event, flags))
      },
    })
    return showRelocated(unwrap(relocated), request, flags, context)
  })
}

function readRequest(registryText: string, chart: string, flags: RelocateFlags): RelocateRequest {
  const { repo, version, layout, namespace, releaseName, repack, postRenderer } = flags
  const registry = unwrap(parseEcrRegistry(registryText)).host
  return {
    query: { chart, ...(repo && { repo }), ...(version && { version }) },
    variants: [{ name: 'default', given: givenValues(flags) }],
    target: { registry, prefix: unwrap(parsePrefix(flags.prefix)) },
    layout,
    settings: {
      kubeVersion: flags.kubeVersion ?? defaultKubeVersion,
      apiVersions: flags.apiVersions ?? [],
      ...(releaseName !== undefined && { release: releaseName }),
      namespace,
    },
    assumes: {
      kubeVersion: flags.kubeVersion === undefined,
      apiVersions: flags.apiVersions === undefined,
    },
    nodeOs: flags.nodeOs ?? [],
    asksRegistries: flags.askRegistries ?? false,
    nested: flags.nested ?? false,
    decisions: { mirror: flags.mirror ?? [], ignore: flags.ignore ?? [] },
    ...(repack !== undefined && { repack: resolve(repack) }),
    ...(postRenderer !== undefined && { postRenderer: resolve(postRenderer) }),
  }
}

function givenValues({
  values = [],
  set = [],
  setString = [],
  setJson = [],
}: RelocateFlags): GivenValues {
  return {
    files: values,
    sets: [
      ...set.map((text) => ['--set', text] as const),
      ...setString.map((text) => ['--set-string', text] as const),
      ...setJson.map((text) => ['--set-json', text] as const),
    ],
  }
}

function showRelocated(
  relocated: Relocated,
  request: RelocateRequest,
  flags: RelocateFlags,
  context: Context,
): number {
  const { result, solved, beaten, renders, milliseconds } = relocated
  if (flags.images) {
    printImages(relocated, context)
  } else if (flags.output === 'json') context.output(renderRelocation(relocated, request))
  else context.output(renderValues(relocated, request.target))
  if (!flags.quiet) {
    const seconds = (milliseconds / 1000).toFixed(1)
    context.log(`${describe(relocated)}; ${count(renders, 'render')}, ${seconds} s`)
    for (const line of nestedLines(relocated)) context.log(line)
    for (const image of result.runtime) context.log(`+ ${describeRuntime(image)}`)
    const dormant = describeDormant(result.dormant, solved, flags.verbose ?? false)
    for (const line of dormant) context.log(`~ ${line}`)
    for (const path of beaten) {
      const leaf = lineOf(formatLeafPath(path))
      context.log(
        `! do not set "${leaf}" with a flag when you install: for helm, flags win over files`,
      )
    }
    logNotes(relocated, request.target, flags, context)
  }
  return exitCodeFor(unprovenProblems(relocated), relocated, flags, context)
}

function describe(relocated: Relocated): string {
  const { result, nested } = relocated
  const state = describeState(stateOf(proofsOf(relocated)), countAll(relocated))
  const more = result.runtime.length === 0 ? '' : ` and ${result.runtime.length} more at run time`
  const inner = nested?.nested.length ?? 0
  const others = inner === 0 ? '' : ` and those of ${count(inner, 'nested chart')}`
  return `${count(result.images.length, 'image')}${more}${others}: ${state}`
}

/** Describes an image of the catalog in one line. */
