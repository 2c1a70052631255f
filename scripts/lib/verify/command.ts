import { count, toJson } from '../cli/text.ts'
import { resolve } from 'node:path'
import {
  type Acquirer,
  createAcquirer,
  type LocalChart,
  openLocal,
} from '../charts/fetch/acquire.ts'
import { effectiveValues } from '../charts/chart/values.ts'
import { overrideValues } from '../values/override.ts'
import { readUmbrella, resolvePublished } from '../manifest/umbrella.ts'
import { withSession, type Session, type SessionOptions } from '../session/session.ts'
import type { Context } from '../cli/main.ts'
import type { VerifyFlags } from '../commands/verify-private-values.ts'
import type { ListedChart } from '../model/chart/chart-list.ts'
import type { Target } from '../model/image/layout.ts'
import { chartVersionOf, type Manifest } from '../model/manifest/manifest.ts'
import { type Problem, ProblemError, unwrap } from '../model/problem.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import { emptyTree, isTree, type ValuesTree } from '../model/values/values.ts'
import {
  defaultListFile,
  originOfList,
  readListFile,
  shownFile,
} from '../sources/manifest/generated.ts'
import { loadLock } from '../sources/manifest/lock-file.ts'
import { defaultManifestFile, loadManifest } from '../sources/manifest/file.ts'
import { readGivenFiles } from '../values/given.ts'
import { askRegistry, type RegistryAnswer } from './against-registry.ts'
import type { CheckedReference } from './check.ts'
import { answeredBy } from './answered.ts'
import { directImages } from './direct.ts'
import { installerFaults } from './installer.ts'
import { judgementFaults, type Judgement, judgeSubjects, type Subject } from './judge.ts'
import { renderChecked } from './report.ts'
import { valueRoutesOf } from './routes.ts'

/** Runs `verify-private-values`: renders everything with the override and judges each reference. Returns the exit code. */
export async function runVerify(
  registryText: string,
  flags: VerifyFlags,
  context: Context,
): Promise<number> {
  const registry = unwrap(parseEcrRegistry(registryText))
  const target: Target = { registry: registry.host, prefix: unwrap(parsePrefix(flags.prefix)) }
  const manifestFile = flags.manifest ?? defaultManifestFile
  const manifest = await loadManifest(manifestFile)
  const options: SessionOptions = {
    isQuiet: flags.quiet ?? false,
    values: flags.values === undefined ? 'declared' : 'given',
    origin: originOfList(resolve(flags.list ?? defaultListFile)),
  }
  const rendered = await withSession(context, options, async (session) => {
    const override =
      flags.values === undefined
        ? overrideValues(manifest, target, flags)
        : unwrap(await readGivenFiles(flags.values, session))
    return checkAll({ target, manifest, override, flags, session })
  })
  const direct =
    flags.againstRegistry && flags.chart === undefined
      ? directImages(manifest, flags.layout, target)
      : []
  const checked = [...rendered.checked, ...direct]
  const { problems, questions, notices } = rendered
  if (rendered.charts === 0 && checked.length === 0 && problems.length === 0) {
    throw new ProblemError(nothingJudged(manifest, flags))
  }
  const presence = flags.againstRegistry
    ? await askRegistry(checked, registry, await loadLock(manifestFile), context)
    : new Map<string, RegistryAnswer>()
  if (flags.output === 'json') {
    const references = checked.map((one) => withPresence(one, presence))
    context.output(toJson({ references, questions, notices }))
  } else
    context.print(
      renderChecked(
        { checked, questions, notices },
        presence,
        flags.verbose ?? false,
        options.origin,
      ),
    )
  const all = [...problems, ...judgementFaults(checked, presence, flags.strict ?? false)]
  if (all.length > 0) throw new ProblemError(all)
  return flags.strict && questions.length > 0 ? 1 : 0
}

function withPresence(checked: CheckedReference, presence: ReadonlyMap<string, RegistryAnswer>) {
  const found = presence.get(checked.reference)
  return { ...checked, ...(found !== undefined && { registry: found.presence }) }
}

interface Job {
  readonly target: Target
  readonly manifest: Manifest
  readonly override: ValuesTree
  readonly flags: VerifyFlags
  readonly session: Session
}

/** Returns the problem of a verification that checked nothing, which is not a success. */
function nothingJudged({ charts, images }: Manifest, { againstRegistry }: VerifyFlags): Problem {
  const isEmpty = charts.length === 0 && images.length === 0
  return {
    kind: 'unproven',
    side: 'input',
    message: `nothing was verified: the manifest has ${count(charts.length, 'chart')} and ${count(images.length, 'image')}, and none of them was checked`,
    next:
      isEmpty || againstRegistry
        ? 'generate the manifest from a chart list that has charts or direct images'
        : 'add --against-registry to check the images that are used outside any chart',
  }
}

async function checkAll(job: Job): Promise<Judgement & { readonly charts: number }> {
  const { target, manifest, flags, session } = job
  const routes = valueRoutesOf(manifest, flags.layout, target)
  const { subjects, problems, names, installed } = await subjectsOf(job)
  const judged = await judgeSubjects(subjects, {
    target,
    routes,
    session,
    isAnswered: answeredBy(manifest),
  })
  return {
    charts: subjects.length,
    checked: judged.checked,
    questions: judged.questions,
    notices: judged.notices,
    problems: [
      ...problems,
      ...installerFaults(installed ?? job.override, {
        routes,
        registry: target.registry,
        charts: names,
        isComplete: installed !== undefined,
      }),
      ...judged.problems,
    ],
  }
}

interface Subjects {
  readonly subjects: readonly Subject[]
  readonly problems: readonly Problem[]
  /** The charts that are verified. */
  readonly names: readonly string[]
  /** All values of an umbrella, with its own defaults. */
  readonly installed?: ValuesTree
}

async function subjectsOf({ override, flags, session, manifest }: Job): Promise<Subjects> {
  const { file, list } = await readListFile(resolve(flags.list ?? defaultListFile))
  const acquirer = createAcquirer(session)
  const chartsOver = isTree(override['charts']) ? override['charts'] : emptyTree()
  const overOf = ({ name }: ListedChart): ValuesTree => {
    const entry = chartsOver[name]
    const values = isTree(entry) ? entry['values'] : undefined
    return isTree(values) ? values : emptyTree()
  }
  if (flags.umbrella === undefined) {
    const known = manifest.charts.map(({ name }) => name)
    refuseStrangers(flags, known)
    const listed = new Map(list.charts.map((chart) => [chart.name, chart]))
    const wanted = known.filter((name) => isWanted(name, flags))
    return {
      subjects: wanted.flatMap((name) => {
        const chart = listed.get(name)
        return chart ? [{ chart, local: pulled(chart, acquirer), over: overOf(chart) }] : []
      }),
      names: wanted,
      problems: wanted.filter((name) => !listed.has(name)).map((name) => notListed(name, file)),
    }
  }
  const local = unwrap(await openLocal(resolve(flags.umbrella), session))
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
  const subjects = [
    ...charts.map((chart) => ({ chart, local: pulled(chart, acquirer), over: overOf(chart) })),
    ...(flags.chart === undefined ? [own] : []),
  ]
  return {
    subjects,
    problems: [],
    names: charts.map(({ name }) => name),
    installed: effectiveValues(local.chart, override),
  }
}

/** Returns the problem of a chart that cannot be rendered because it has no list entry. */
function notListed(chart: string, listFile: string): Problem {
  return {
    kind: 'unproven',
    side: 'input',
    message: `chart "${chart}" is in the manifest but not in the chart list "${shownFile(listFile)}", so it was not verified`,
    next: 'set --list to the chart list that the manifest was generated from',
  }
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
    next: known.length === 0 ? 'it has no charts' : `its charts are ${known.join(', ')}`,
  })
}
