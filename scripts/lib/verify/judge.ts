import { append } from '../model/collections.ts'
import { renderMarks } from '../model/chart/relocation.ts'
import { releaseNameOf } from '../model/names/kubernetes.ts'
import pLimit from 'p-limit'
import { type LocalChart, rendererOf } from '../charts/fetch/acquire.ts'
import { effectiveValues } from '../charts/chart/values.ts'
import { deciderOf, defaultKubeVersion, rendersAtOnce } from '../manifest/discover.ts'
import {
  documentTitle,
  isUnread,
  type RenderedDocument,
  unreadWords,
} from '../charts/render/documents.ts'
import { isAboutSchema } from '../charts/render/render.ts'
import {
  describeAssumptions,
  findAssumptions,
  furtherRenders,
  unrenderedWords,
} from '../charts/relocate/assumptions.ts'
import type { OpenQuestion } from '../model/chart/question.ts'
import { questionKey } from '../model/chart/question.ts'
import { subjectOf } from '../model/chart/question-text.ts'
import { describeOddity, type Oddity } from '../charts/find/oddity.ts'
import type { Session } from '../session/session.ts'
import type { ListedChart } from '../model/chart/chart-list.ts'
import type { Target } from '../model/image/layout.ts'
import { about, type Problem, sentenceOf } from '../model/problem.ts'
import { mergeValues, type ValuesTree } from '../model/values/values.ts'
import { clip } from '../model/text/clip.ts'
import { interruptible } from '../steps/interruptible.ts'
import type { ServedCluster } from '../model/chart/served-cluster.ts'
import type { RegistryAnswer } from './against-registry.ts'
import { type CheckedReference, type CheckInput, checkRender } from './check.ts'
import { directOwner } from './direct.ts'
import { presenceWords } from './presence.ts'
import type { Routes } from './routes.ts'

/** A chart, and what makes it private: values on top of those of each variant, and possibly another copy of it. */
export interface Subject {
  readonly chart: ListedChart
  readonly local: () => Promise<LocalChart>
  /** The installed copy, if it is a different one. */
  readonly installed?: LocalChart
  readonly over: ValuesTree
  /** `over` contains all values of the installation, not only those on top. */
  readonly isWhole?: boolean
  /** Release name; defaults to the chart name. */
  readonly release?: string
}

export interface JudgeSettings {
  readonly target: Target
  readonly routes: Routes
  readonly session: Session
  /** Count references that already point to the registry, mirrored by other means. */
  readonly countsOwn?: boolean
  /** What the cluster serves, if it is known. Default: what the chart list says. */
  readonly cluster?: ServedCluster
  /** True for a question that was asked when the manifest was generated, or whose answer is known. */
  readonly isAnswered: (chart: string, question: OpenQuestion) => boolean
}

export interface Judgement {
  readonly checked: readonly CheckedReference[]
  readonly problems: readonly Problem[]
  /** What the renders leave open, beyond what is known from the manifest. */
  readonly questions: readonly ChartQuestion[]
  /** What the renders do not cover, in words: output that depends on objects in the cluster, for example. */
  readonly notices: readonly string[]
}

export interface ChartQuestion {
  readonly chart: string
  readonly question: OpenQuestion
}

/**
 * Renders every subject without and with what makes it private, as an installation and as an upgrade, and judges each
 * reference. A chart that does not render as an upgrade is reported as a notice.
 */
export async function judgeSubjects(
  subjects: readonly Subject[],
  settings: JudgeSettings,
): Promise<Judgement> {
  const limit = pLimit(rendersAtOnce)
  const judged = await Promise.all(
    subjects.map((subject) => limit(() => judgeSubject(subject, settings))),
  )
  return {
    checked: judged.flatMap(({ checked }) => checked),
    problems: judged.flatMap(({ problems }) => problems),
    questions: judged.flatMap(({ questions }) => questions),
    notices: judged.flatMap(({ notices }) => notices),
  }
}

async function judgeSubject(
  {
    chart,
    local: open,
    installed,
    over,
    isWhole = false,
    release = releaseNameOf(chart.name),
  }: Subject,
  { target, routes, session, isAnswered, cluster, countsOwn = false }: JudgeSettings,
): Promise<Judgement> {
  const local = await open()
  const after = installed ?? local
  const original = rendererOf(local, session)
  const copy = installed === undefined ? original : rendererOf(installed, session)
  const decide = deciderOf(chart)
  const checked: CheckedReference[] = []
  const problems: Problem[] = []
  /** What no render can read, by its message, because a further render repeats it. */
  const unreadable = new Map<string, Problem>()
  const questions = new Map<string, ChartQuestion>()
  const unchecked = new Set<string>()
  const { kubeVersion = chart.kubeVersion ?? defaultKubeVersion, apiVersions = chart.apiVersions } =
    cluster ?? {}
  const assumptions = await interruptible(findAssumptions(after.chart), session.signal)
  const further = furtherRenders(assumptions, { apiVersions })
  const attempts = Object.entries(chart.variants).flatMap(([variant, values]) => [
    { variant, values, way: undefined },
    ...further.map((way) => ({ variant: variant + renderMarks[way.name], values, way })),
  ])
  for (const { variant, values, way } of attempts) {
    const request = {
      ...way?.settings,
      kubeVersion,
      apiVersions,
      release,
      namespace: chart.namespace ?? 'default',
      isReadByHelm: true,
    }
    const renderWith = async ({ render }: typeof original, given: readonly ValuesTree[]) => {
      const strict = await render({ ...request, values: given, skipSchema: false })
      // An invalid schema says nothing about the values.
      if (strict.ok || !isAboutSchema(strict.problem)) return strict
      if (strict.problem.kind === 'unsafe-address') unchecked.add(sentenceOf(strict.problem))
      return render({ ...request, values: given, skipSchema: true })
    }
    const plain = await renderWith(original, [values])
    const final = await renderWith(copy, isWhole ? [over] : [values, over])
    if (!plain.ok || !final.ok) {
      const failed = [plain, final].flatMap((result) => (result.ok ? [] : [result.problem]))
      const isRefused = failed.every(({ kind }) => kind === 'render-failed')
      if (way === undefined || !isRefused) problems.push(...failed)
      else {
        const words = unrenderedWords[way.name]
        session.notice(`${chart.name}: ${words}: ${clip(failed[0]?.message ?? '')}`)
      }
      continue
    }
    const input: CheckInput = {
      chart: chart.name,
      variant,
      before: plain.value,
      after: final.value,
      values: effectiveValues(after.chart, isWhole ? over : mergeValues(values, over)),
      registry: target.registry,
      isIgnored: (reference) => decide(reference) === 'ignore' || routes.isChart(reference),
      destinationOf: (occurrence) => routes.destinationOf(chart.name, occurrence),
      sourceOf: routes.sourceOf,
      countsOwn,
    }
    for (const document of final.value.filter(isUnread)) {
      const problem = unread(chart.name, document)
      unreadable.set(problem.message, problem)
    }
    const rendered = await interruptible(checkRender(input), session.signal)
    const { checked: found, oddities } = rendered
    for (const oddity of oddities) {
      // What fills a placeholder is not known; it is no mistake in a value.
      const isKnown = oddity.isPlaceholder || input.isIgnored(oddity.text)
      if (isKnown) continue
      const problem = noImage(chart.name, oddity)
      unreadable.set(problem.message, problem)
    }
    for (const question of rendered.questions) {
      const isSettled =
        decide(subjectOf(question)) !== undefined || isAnswered(chart.name, question)
      if (!isSettled) questions.set(questionKey(question), { chart: chart.name, question })
    }
    // A further render that is as empty as the plain one says nothing new.
    const isNew = way === undefined || checked.length > 0
    if (found.length === 0 && isNew && routes.hasImages(chart.name))
      problems.push(emptyRender(chart.name, variant))
    // A further render counts only for what the plain one does not have.
    const known = new Set(way === undefined ? [] : checked.map(identify))
    append(
      checked,
      found.filter((one) => !known.has(identify(one))),
    )
  }
  for (const reason of unchecked) {
    session.notice(`${chart.name}: its values were not checked against its schema: ${reason}`)
  }
  const notices = describeAssumptions(assumptions).map((notice) => `${chart.name}: ${notice}`)
  append(problems, [...unreadable.values()])
  return { checked, problems, questions: [...questions.values()], notices }
}

function identify({ verdict, reference, template, document, path }: CheckedReference): string {
  return JSON.stringify([verdict, reference, template, document, path])
}

function unread(chart: string, document: RenderedDocument): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `${chart}: ${documentTitle(document)}, from ${document.source}, ${unreadWords}`,
    next: "report it to the chart's publisher: helm or the cluster may read it differently",
  }
}

function noImage(chart: string, oddity: Oddity): Problem {
  return {
    kind: 'unproven',
    side: 'input',
    message: `${chart}: ${describeOddity(oddity)}`,
    next: 'fix the value that sets it',
  }
}

function emptyRender(chart: string, variant: string): Problem {
  return {
    kind: 'unproven',
    side: 'input',
    message: `chart "${chart}" renders no image references in variant "${variant}"`,
    next: 'check the values that disable its workloads: an empty render proves nothing',
  }
}

const verdicts: Readonly<Record<Exclude<CheckedReference['verdict'], 'private'>, string>> = {
  public: 'points to a public registry',
  unplaced: 'points to the private registry, but not to where its image is mirrored',
  'not mirrored': 'refers to an image that is not in the manifest',
}

/** Returns a problem for every reference that is not private, or not in the registry as expected. */
export function judgementFaults(
  checked: readonly CheckedReference[],
  presence: ReadonlyMap<string, RegistryAnswer>,
  isStrict: boolean,
): Problem[] {
  return checked.flatMap((one): Problem[] => {
    const where =
      one.chart === directOwner && one.document === ''
        ? `direct image "${one.source ?? ''}", mirrored as "${one.reference}"`
        : `${one.chart} (${one.variant}): "${one.reference}" at ${one.document} ${one.path}`
    if (one.verdict !== 'private') {
      const expected = one.expected === undefined ? '' : `; expected "${one.expected}"`
      const leaf =
        one.leaves.length === 0
          ? `no value sets it; it comes from ${one.template}`
          : `set by ${one.leaves.join(', ')}`
      return [
        {
          kind: 'unproven',
          side: 'input',
          message: `${where} ${verdicts[one.verdict]}${expected}; ${leaf}`,
          next: 'regenerate the values, fix the leaf, or use a patched chart (relocate-chart.ts --repack)',
        },
      ]
    }
    const { presence: found, problem } = presence.get(one.reference) ?? { presence: 'matches' }
    if (problem !== undefined) return [about(where, problem)]
    const isBad = isStrict ? found !== 'matches' : found === 'missing' || found === 'differs'
    if (!isBad) return []
    return [
      {
        kind: found === 'missing' ? 'not-found' : 'differs',
        side: 'target',
        message: `${where}: ${found === 'missing' ? 'not found in the registry' : `status in the registry: ${presenceWords[found]}`}`,
        next: 'run mirror-to-ecr.ts, with --existing verify if a tag differs',
      },
    ]
  })
}
