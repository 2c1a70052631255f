import { resolve } from 'node:path'
import pLimit from 'p-limit'
import {
  type Acquirer,
  createAcquirer,
  type LocalChart,
  openLocal,
  rendererOf,
} from '../charts/acquire.ts'
import { effectiveValues } from '../charts/chart-values.ts'
import { deciderOf, defaultKubeVersion, rendersAtOnce } from '../charts/discover.ts'
import { renderOverride } from '../charts/override.ts'
import { readUmbrella, resolvePublished } from '../charts/umbrella.ts'
import { withWorkshop, type Workshop } from '../charts/workshop.ts'
import type { Context } from '../cli/main.ts'
import type { ListedChart } from '../model/chart-list.ts'
import type { LayoutName, Target } from '../model/layout.ts'
import { chartVersionOf, type Manifest } from '../model/manifest.ts'
import { type Problem, ProblemError, unwrap } from '../model/problem.ts'
import { parseEcrRegistry, parsePrefix } from '../model/registry.ts'
import { isTree, mergeValues, type ValuesTree } from '../model/values.ts'
import { defaultListFile, readListFile } from '../sources/generated.ts'
import { loadLock } from '../sources/lock-file.ts'
import { defaultManifestFile, loadManifest } from '../sources/manifest-file.ts'
import { readValuesFiles, readValuesText } from '../sources/values-file.ts'
import { askRegistry, type Presence } from './against-registry.ts'
import { type Checked, checkRender } from './check.ts'
import { renderChecked } from './report.ts'
import { routesOf, type Routes } from './routes.ts'

export interface VerifyFlags {
  readonly values?: readonly string[]
  readonly umbrella?: string
  readonly manifest?: string
  readonly list?: string
  readonly chart?: readonly string[]
  readonly layout: LayoutName
  readonly prefix: string
  readonly againstRegistry?: boolean
  readonly strict?: boolean
  readonly output: 'text' | 'json'
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** Runs `verify-private-values`: renders everything with the override and judges each reference. Returns the exit code. */
export async function runVerify(
  registryText: string,
  flags: VerifyFlags,
  context: Context,
): Promise<number> {
  if (flags.strict && !flags.againstRegistry) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: '--strict means nothing without --against-registry',
      next: 'add --against-registry, or leave --strict out',
    })
  }
  const registry = unwrap(parseEcrRegistry(registryText))
  const target: Target = { registry: registry.host, prefix: unwrap(parsePrefix(flags.prefix)) }
  const manifestFile = flags.manifest ?? defaultManifestFile
  const manifest = await loadManifest(manifestFile)
  const override =
    flags.values === undefined
      ? unwrap(
          readValuesText('the generated override', await renderOverride(manifest, target, flags)),
        )
      : unwrap(await readValuesFiles(flags.values))
  const { checked, problems } = await withWorkshop(context, flags.quiet ?? false, (workshop) =>
    checkAll({ target, manifest, override, flags, workshop }),
  )
  const presence = flags.againstRegistry
    ? await askRegistry(checked, registry, await loadLock(manifestFile), context)
    : new Map<string, Presence>()
  context.stdout(
    flags.output === 'json'
      ? `${JSON.stringify({ references: checked.map((one) => withPresence(one, presence)) }, null, 2)}\n`
      : renderChecked(checked, presence, flags.verbose ?? false),
  )
  const all = [...problems, ...faultsOf(checked, presence, flags.strict ?? false)]
  if (all.length > 0) throw new ProblemError(all)
  return 0
}

function withPresence(checked: Checked, presence: ReadonlyMap<string, Presence>) {
  const found = presence.get(checked.reference)
  return { ...checked, ...(found !== undefined && { registry: found }) }
}

interface Job {
  readonly target: Target
  readonly manifest: Manifest
  readonly override: ValuesTree
  readonly flags: VerifyFlags
  readonly workshop: Workshop
}

interface Judgement {
  readonly checked: Checked[]
  readonly problems: Problem[]
}

/** A chart, where it is, and the values that it is given: those of a variant, and with the override on top. */
interface Subject {
  readonly chart: ListedChart
  readonly local: () => Promise<LocalChart>
  readonly over: ValuesTree
}

async function checkAll(job: Job): Promise<Judgement> {
  const subjects = await subjectsOf(job)
  const routes = routesOf(job.manifest, job.flags.layout, job.target)
  const limit = pLimit(rendersAtOnce)
  const judged = await Promise.all(
    subjects.map((subject) => limit(() => checkSubject(subject, routes, job))),
  )
  return {
    checked: judged.flatMap(({ checked }) => checked),
    problems: judged.flatMap(({ problems }) => problems),
  }
}

async function subjectsOf({ override, flags, workshop, manifest }: Job): Promise<Subject[]> {
  const { list } = await readListFile(resolve(flags.list ?? defaultListFile))
  const acquirer = createAcquirer(workshop)
  const chartsOver = isTree(override['charts']) ? override['charts'] : {}
  const overOf = ({ name }: ListedChart): ValuesTree => {
    const entry = chartsOver[name]
    const values = isTree(entry) ? entry['values'] : undefined
    return isTree(values) ? values : {}
  }
  if (flags.umbrella === undefined) {
    const known = new Set(manifest.charts.map(({ name }) => name))
    const charts = list.charts.filter(({ name }) => known.has(name) && isWanted(name, flags))
    refuseStrangers(flags, [...known])
    return charts.map((chart) => ({ chart, local: pulled(chart, acquirer), over: overOf(chart) }))
  }
  const local = unwrap(await openLocal(resolve(flags.umbrella), workshop))
  const umbrella = unwrap(readUmbrella(local, {}, list.charts))
  refuseStrangers(
    flags,
    umbrella.charts.map(({ name }) => name),
  )
  const charts = await Promise.all(
    umbrella.charts
      .filter(({ name }) => isWanted(name, flags))
      .map(async (chart) => unwrap(await resolvePublished(chart, acquirer))),
  )
  const own = { chart: umbrella.own, local: () => Promise.resolve(local), over: override }
  return [
    ...charts.map((chart) => ({ chart, local: pulled(chart, acquirer), over: overOf(chart) })),
    ...(flags.chart === undefined ? [own] : []),
  ]
}

function pulled(chart: ListedChart, acquirer: Acquirer): () => Promise<LocalChart> {
  return async () => unwrap(await acquirer.published(chartVersionOf(chart)))
}

function isWanted(name: string, { chart }: VerifyFlags): boolean {
  return chart === undefined || chart.includes(name)
}

function refuseStrangers({ chart = [] }: VerifyFlags, known: readonly string[]): void {
  const stranger = chart.find((name) => !known.includes(name))
  if (stranger === undefined) return
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `chart "${stranger}" is not in the manifest`,
    next: `its charts are ${known.join(', ')}`,
  })
}

async function checkSubject(
  { chart, local: open, over }: Subject,
  routes: Routes,
  { target, workshop }: Job,
): Promise<Judgement> {
  const local = await open()
  const { render } = rendererOf(local, workshop)
  const decide = deciderOf(chart)
  const checked: Checked[] = []
  const problems: Problem[] = []
  for (const [variant, values] of Object.entries(chart.variants)) {
    const request = {
      kubeVersion: chart.kubeVersion ?? defaultKubeVersion,
      apiVersions: chart.apiVersions,
      release: chart.name,
      namespace: chart.namespace ?? 'default',
    }
    const renderWith = async (given: readonly ValuesTree[]) => {
      const strict = await render({ ...request, values: given, skipSchema: false })
      // A schema that is broken by itself says nothing about the values.
      return strict.ok || strict.problem.kind !== 'invalid-schema'
        ? strict
        : render({ ...request, values: given, skipSchema: true })
    }
    const before = await renderWith([values])
    const after = await renderWith([values, over])
    if (!before.ok || !after.ok) {
      problems.push(...[before, after].flatMap((result) => (result.ok ? [] : [result.problem])))
      continue
    }
    const found = checkRender({
      chart: chart.name,
      variant,
      before: before.value,
      after: after.value,
      values: effectiveValues(local.chart, mergeValues(values, over)),
      registry: target.registry,
      isIgnored: (reference) => decide(reference) === 'ignore',
      destinationOf: (occurrence) => routes.destinationOf(chart.name, occurrence),
      sourceOf: routes.sourceOf,
    })
    if (found.length === 0 && routes.hasImages(chart.name))
      problems.push(emptyRender(chart.name, variant))
    checked.push(...found)
  }
  return { checked, problems }
}

function emptyRender(chart: string, variant: string): Problem {
  return {
    kind: 'unproven',
    side: 'input',
    message: `chart "${chart}" renders no reference at all under variant "${variant}"`,
    next: 'an empty render proves nothing: check the values that switch its workloads off',
  }
}

const verdicts: Readonly<Record<Exclude<Checked['verdict'], 'private'>, string>> = {
  public: 'leads to a public registry',
  unplaced: 'leads into the registry, but not to where its image is mirrored',
  'not mirrored': 'is of an image that is not in the manifest',
}

function faultsOf(
  checked: readonly Checked[],
  presence: ReadonlyMap<string, Presence>,
  isStrict: boolean,
): Problem[] {
  const bad = isStrict ? ['missing', 'differs', 'exists, not compared'] : ['missing', 'differs']
  return checked.flatMap((one): Problem[] => {
    const where = `${one.chart} (${one.variant}): "${one.reference}" at ${one.document} ${one.path}`
    if (one.verdict !== 'private') {
      const expected = one.expected === undefined ? '' : `; it should be "${one.expected}"`
      const leaf =
        one.leaves.length === 0
          ? `no value leads there; it is made by ${one.template}`
          : `set by ${one.leaves.join(', ')}`
      return [
        {
          kind: 'unproven',
          side: 'input',
          message: `${where} ${verdicts[one.verdict]}${expected}; ${leaf}`,
          next: 'generate the values again, correct the leaf, or use a patched chart (relocate-chart.ts --repack)',
        },
      ]
    }
    const found = presence.get(one.reference)
    if (found === undefined || !bad.includes(found)) return []
    return [
      {
        kind: found === 'missing' ? 'not-found' : 'differs',
        side: 'target',
        message: `${where}: ${found === 'missing' ? 'the registry does not have it' : `in the registry, ${found}`}`,
        next: 'run mirror-to-ecr.ts, with --existing verify where a tag differs',
      },
    ]
  })
}
