import { toJson } from '../cli/text.ts'
import { resolve } from 'node:path'
import { type Acquirer, createAcquirer, type LocalChart, openLocal } from '../charts/acquire.ts'
import { overrideValues } from '../charts/override.ts'
import { readUmbrella, resolvePublished } from '../charts/umbrella.ts'
import { withWorkshop, type Workshop, type WorkshopOptions } from '../charts/workshop.ts'
import type { Context } from '../cli/main.ts'
import type { ListedChart } from '../model/chart-list.ts'
import type { LayoutName, Target } from '../model/layout.ts'
import { chartVersionOf, type Manifest } from '../model/manifest.ts'
import { ProblemError, unwrap } from '../model/problem.ts'
import { parseEcrRegistry, parsePrefix } from '../model/registry.ts'
import { emptyTree, isTree, type ValuesTree } from '../model/values.ts'
import { defaultListFile, readListFile } from '../sources/generated.ts'
import { loadLock } from '../sources/lock-file.ts'
import { defaultManifestFile, loadManifest } from '../sources/manifest-file.ts'
import { readValuesFiles } from '../sources/values-file.ts'
import { askRegistry, type Found } from './against-registry.ts'
import type { Checked } from './check.ts'
import { faultsOf, type Judgement, judgeSubjects, type Subject } from './judge.ts'
import { renderChecked } from './report.ts'
import { routesOf } from './routes.ts'

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
      ? overrideValues(manifest, target, flags)
      : unwrap(await readValuesFiles(flags.values))
  const values = flags.values === undefined ? 'declared' : 'given'
  const options: WorkshopOptions = { isQuiet: flags.quiet ?? false, values }
  const { checked, problems } = await withWorkshop(context, options, (workshop) =>
    checkAll({ target, manifest, override, flags, workshop }),
  )
  const presence = flags.againstRegistry
    ? await askRegistry(checked, registry, await loadLock(manifestFile), context)
    : new Map<string, Found>()
  if (flags.output === 'json') {
    context.output(toJson({ references: checked.map((one) => withPresence(one, presence)) }))
  } else context.print(renderChecked(checked, presence, flags.verbose ?? false))
  const all = [...problems, ...faultsOf(checked, presence, flags.strict ?? false)]
  if (all.length > 0) throw new ProblemError(all)
  return 0
}

function withPresence(checked: Checked, presence: ReadonlyMap<string, Found>) {
  const found = presence.get(checked.reference)
  return { ...checked, ...(found !== undefined && { registry: found.presence }) }
}

interface Job {
  readonly target: Target
  readonly manifest: Manifest
  readonly override: ValuesTree
  readonly flags: VerifyFlags
  readonly workshop: Workshop
}

async function checkAll(job: Job): Promise<Judgement> {
  const { target, manifest, flags, workshop } = job
  const routes = routesOf(manifest, flags.layout, target)
  return judgeSubjects(await subjectsOf(job), { target, routes, workshop })
}

async function subjectsOf({ override, flags, workshop, manifest }: Job): Promise<Subject[]> {
  const { list } = await readListFile(resolve(flags.list ?? defaultListFile))
  const acquirer = createAcquirer(workshop)
  const chartsOver = isTree(override['charts']) ? override['charts'] : emptyTree()
  const overOf = ({ name }: ListedChart): ValuesTree => {
    const entry = chartsOver[name]
    const values = isTree(entry) ? entry['values'] : undefined
    return isTree(values) ? values : emptyTree()
  }
  if (flags.umbrella === undefined) {
    const known = new Set(manifest.charts.map(({ name }) => name))
    const charts = list.charts.filter(({ name }) => known.has(name) && isWanted(name, flags))
    refuseStrangers(flags, [...known])
    return charts.map((chart) => ({ chart, local: pulled(chart, acquirer), over: overOf(chart) }))
  }
  const local = unwrap(await openLocal(resolve(flags.umbrella), workshop))
  const umbrella = unwrap(readUmbrella(local, emptyTree(), list.charts))
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
