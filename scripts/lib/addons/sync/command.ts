import type { SyncFlags } from '../../commands/sync-addons.ts'
import { toJson } from '../../cli/text.ts'
import { resolve } from 'node:path'
import pLimit from 'p-limit'
import { createAcquirer } from '../../charts/fetch/acquire.ts'
import { rendersAtOnce } from '../../manifest/discover.ts'
import { renderGraph } from '../../charts/fetch/graph.ts'
import { withSession, type Session } from '../../session/session.ts'
import { formatProblems } from '../../cli/errors.ts'
import type { Context } from '../../cli/main.ts'
import { type AddonList, placeOfAddon } from '../../model/chart/addon.ts'
import type { Target } from '../../model/image/layout.ts'
import { failure, type Problem, unwrap } from '../../model/problem.ts'
import { parsePrefix } from '../../model/image/registry.ts'
import { type ChartOverrides, loadChartOverrides } from '../../sources/chart-overrides.ts'
import { loadOperators } from '../../sources/operators-yaml.ts'
import { makeFolder } from '../../tools/files/files.ts'
import { checkImages } from './check-images.ts'
import { chooseRegistry } from './choose-registry.ts'
import { refuseClashes } from './clashes.ts'
import { readInput } from './input.ts'
import { folderOf, writeOutput } from './output.ts'
import { prepareChart, type PrepareSettings } from '../prepare/prepare.ts'
import { pushCharts, readPushChoices } from './push.ts'
import { groupReleases, type ReleaseGroup } from '../prepare/release-group.ts'
import { requiredFor } from '../prepare/required-values.ts'
import { resolveVersions } from '../prepare/resolve-versions.ts'
import { withSecrets } from './secrets.ts'
import { exitCodeOfSync, makeSyncReport } from './report.ts'
import { type Attempted, originOfAddons, overridesFileOf } from './options.ts'
import { renderSyncSummary } from './summary.ts'
import { explainNeed } from '../templates/words.ts'

/**
 * Runs `sync-addons`: pushes every chart of a list, with private defaults, and its images to the registry. A failed
 * add-on does not stop the others. Returns the exit code.
 */
export async function runSync(flags: SyncFlags, context: Context): Promise<number> {
  const began = performance.now()
  const { env, warnings } = withSecrets(context.env, flags)
  for (const warning of warnings) context.log(`! ${warning}`)
  const inner = { ...context, env }
  const prefix = unwrap(parsePrefix(flags.targetPrefix))
  const list = await readInput(flags, context)
  const overrides = await loadChartOverrides(
    overridesFileOf(flags),
    flags.chartOverrides !== undefined,
  )
  const registry = await chooseRegistry(flags, inner)
  const choices = flags.scanOnly ? undefined : await readPushChoices(flags, registry)
  const out = resolve(flags.out)
  await makeFolder(out, '--out')
  const options = {
    isQuiet: flags.quiet ?? false,
    values: 'given',
    origin: originOfAddons(flags),
  } as const
  return withSession(inner, options, async (session) => {
    const target: Target = { registry: registry.host, prefix }
    const prepared = await prepareAll(list, { flags, overrides, target }, session, inner)
    const written = await writeAll(prepared.attempted, out, target.registry)
    const checked =
      flags.scanOnly && flags.check
        ? await checkImages(written, session)
        : new Map<string, Problem>()
    const pushed =
      choices && (await pushCharts(written, { flags, choices, registry, prefix, context: inner }))
    if (pushed?.ok === false) return refuse(pushed.problem, flags, inner)
    const report = makeSyncReport({
      attempted: written,
      unresolved: prepared.failed,
      incomplete: list.incomplete,
      target,
      flags,
      checked,
      pushed: pushed?.value,
      milliseconds: performance.now() - began,
    })
    const problems = report.addons.flatMap((addon) => addon.problems)
    context.log(formatProblems(problems, { verbose: flags.verbose }))
    if (flags.output === 'json') context.output(toJson(report))
    else context.print(renderSyncSummary(report))
    return exitCodeOfSync(report, flags, context.signal.aborted)
  })
}

/** Reports why nothing was pushed and returns 3 (preflight failed). Problems of single add-ons are reported first. */
function refuse(problems: readonly Problem[], flags: SyncFlags, context: Context): number {
  const { signal, log } = context
  log(formatProblems(problems, { verbose: flags.verbose }))
  return signal.aborted ? 130 : 3
}

interface SyncRequest {
  readonly flags: SyncFlags
  readonly overrides: ChartOverrides
  readonly target: Target
}

async function prepareAll(
  { addons }: AddonList,
  { flags, overrides, target }: SyncRequest,
  session: Session,
  { log }: Context,
): Promise<{
  readonly attempted: readonly Attempted[]
  readonly failed: Awaited<ReturnType<typeof resolveVersions>>['failed']
}> {
  const acquirer = createAcquirer(session)
  const latest = flags.latest ?? false
  const { resolved, failed } = await resolveVersions(addons, latest, acquirer, session)
  const groups = groupReleases(resolved)
  const settings: PrepareSettings = {
    acquirer,
    target,
    layout: flags.layout,
    withDependencies: flags.includeDependencies && !flags.excludeDependencies,
    apiVersions: flags.apiVersions ?? [],
    operators: { catalog: await loadOperators(flags.operators), systems: flags.nodeOs ?? [] },
    ...(flags.kubeVersion !== undefined && { kubeVersion: flags.kubeVersion }),
  }
  const limit = pLimit(rendersAtOnce)
  const attempted = await Promise.all(
    groups.map((group) =>
      limit(async (): Promise<Attempted> => {
        const twin = groups.find((other) => isTwin(group, other))
        if (twin !== undefined) return { group, result: failure(twinProblem(group, twin)) }
        const required = overrides.get(group.name) ?? requiredFor(group.name)
        const result = await prepareChart(group, required, settings, session)
        if (result.ok && !flags.quiet) {
          const { local, notices } = result.value
          if (local.chart.metadata.dependencies.length > 0) log(renderGraph(local.chart))
          for (const notice of notices) log(`! ${group.name}: ${notice}`)
        }
        if (result.ok) return { group, result }
        const problem = explainNeed(group, result.problem, required, overridesFileOf(flags))
        return { group, result: failure(problem) }
      }),
    ),
  )
  return { attempted: refuseClashes(attempted), failed }
}

function isTwin(one: ReleaseGroup, other: ReleaseGroup): boolean {
  return (
    one.name === other.name && one.version === other.version && one.repository !== other.repository
  )
}

function twinProblem(one: ReleaseGroup, other: ReleaseGroup): Problem {
  return {
    kind: 'conflict',
    side: 'input',
    message: `chart ${one.name} ${one.version} is requested from "${one.repository}" and from "${other.repository}", and both would be stored under the same name`,
    next: `use the same repository at ${placeOf(one)} and ${placeOf(other)}`,
  }
}

function placeOf({ releases: [first] }: ReleaseGroup): string {
  return first === undefined ? '' : placeOfAddon(first)
}

async function writeAll(
  attempted: readonly Attempted[],
  out: string,
  registry: string,
): Promise<Attempted[]> {
  const done = attempted.flatMap(({ result }) => (result.ok ? [result.value] : []))
  return Promise.all(
    attempted.map(async (one): Promise<Attempted> => {
      if (!one.result.ok) return one
      const folder = folderOf(out, one.result.value, done)
      const file = await writeOutput(out, folder, one.result.value, registry)
      if (!file.ok) return { ...one, result: file }
      const archive = { ...one.result.value.archive, file: file.value }
      return { ...one, folder, result: { ok: true, value: { ...one.result.value, archive } } }
    }),
  )
}
