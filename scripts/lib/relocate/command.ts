import { resolve } from 'node:path'
import type { Context } from '../cli/main.ts'
import type { RelocateFlags } from '../commands/relocate-chart.ts'
import { describeSearch } from './search-text.ts'
import { count, toJson } from '../cli/text.ts'
import { fillPattern, type Target } from '../model/image/layout.ts'
import { releaseNameOf } from '../model/names/kubernetes.ts'
import { type Problem, ProblemError, sentenceOf, unwrap } from '../model/problem.ts'
import { lineOf } from '../model/text/line.ts'
import { shellWord } from '../model/text/shell-word.ts'
import { formatLeafPath } from '../model/values/leaf-path.ts'
import { parseReference } from '../model/image/reference.ts'
import { parseEcrRegistry, parsePrefix } from '../model/image/registry.ts'
import type { OpenQuestion } from '../model/chart/question.ts'
import { describeQuestion, subjectOf } from '../model/chart/question-text.ts'
import { describeState, stateOf } from '../model/chart/verdict.ts'
import type { LayoutResult, RelocationResult, Unreached } from '../model/chart/relocation.ts'
import { type LocalChart, rendererOf } from '../charts/fetch/acquire.ts'
import { renderGraph } from '../charts/fetch/graph.ts'
import { defaultKubeVersion } from '../manifest/discover.ts'
import { locateChart } from '../charts/fetch/locate.ts'
import { block, buildValues } from '../values/override.ts'
import { writePostRenderer } from '../charts/patch/post-render.ts'
import { placeNames, type PlaceName } from '../charts/relocate/destinations.ts'
import { type ChartRelocation, relocateChart } from '../charts/relocate/relocate.ts'
import { summarize } from '../charts/relocate/result.ts'
import { proveRepacked, splitOverride } from '../charts/relocate/repacked.ts'
import { rewritesOf } from '../charts/relocate/rewrites.ts'
import { packChart, patchChart } from '../charts/patch/repack.ts'
import { type ReadValues, readGivenValues } from '../values/given.ts'
import { withSession, type Session, type SessionOptions } from '../session/session.ts'

const variant = 'default'

/** Runs `relocate-chart` for one chart from any source, without a manifest. Returns the exit code. */
export async function runRelocate(
  registryText: string,
  chartText: string,
  flags: RelocateFlags,
  context: Context,
): Promise<number> {
  const registry = unwrap(parseEcrRegistry(registryText)).host
  const target: Target = { registry, prefix: unwrap(parsePrefix(flags.prefix)) }
  const given = givenValues(flags)
  const options: SessionOptions = {
    isQuiet: flags.quiet ?? false,
    values: given.files.length + given.sets.length > 0 ? 'given' : 'declared',
    origin: { kind: 'command-line' },
  }
  return withSession(context, options, async (session) => {
    const { repo, version } = flags
    const query = { chart: chartText, ...(repo && { repo }), ...(version && { version }) }
    const local = unwrap(await locateChart(query, session))
    if (flags.graph) {
      context.print(renderGraph(local.chart))
      return 0
    }
    const values = unwrap(await readGivenValues(given, session))
    return relocateLocal({ local, given: values, target, flags, context, session })
  })
}

function givenValues({ values = [], set = [], setString = [], setJson = [] }: RelocateFlags) {
  return {
    files: values,
    sets: [
      ...set.map((text) => ['--set', text] as const),
      ...setString.map((text) => ['--set-string', text] as const),
      ...setJson.map((text) => ['--set-json', text] as const),
    ],
  }
}

interface Job {
  readonly local: LocalChart
  readonly given: ReadValues
  readonly target: Target
  readonly flags: RelocateFlags
  readonly context: Context
  readonly session: Session
}

async function relocateLocal(job: Job): Promise<number> {
  const { local, given, target, flags, context, session } = job
  const began = performance.now()
  const renderer = rendererOf(local, session)
  const { name, version } = local.chart.metadata
  const relocation = unwrap(
    await relocateChart({
      chart: local.chart,
      variants: [
        {
          name: variant,
          values: given.tree,
          assumes: {
            kubeVersion: flags.kubeVersion === undefined,
            apiVersions: flags.apiVersions === undefined,
          },
          settings: {
            kubeVersion: flags.kubeVersion ?? defaultKubeVersion,
            apiVersions: flags.apiVersions ?? [],
            release: flags.releaseName ?? releaseNameOf(name),
            namespace: flags.namespace,
            ...(given.wholeNumbers.length > 0 && { wholeNumbers: given.wholeNumbers }),
          },
        },
      ],
      layouts: [flags.layout],
      target,
      decide: (reference) =>
        flags.ignore?.includes(reference)
          ? 'ignore'
          : flags.mirror?.includes(reference)
            ? 'mirror'
            : undefined,
      render: renderer.render,
      signal: session.signal,
      onSearch: (state) => {
        if (flags.verbose) context.log(describeSearch(state))
      },
    }),
  )
  const result = summarize(relocation, local.hash)
  const solved = result.layouts[flags.layout]
  if (solved === undefined) throw new Error(`nothing was solved for layout "${flags.layout}"`)
  const remedied = await applyRemedies(job, relocation, solved)
  const output = { name, version, target, flags, result, solved }
  if (flags.images) context.print(result.images.map(({ reference }) => reference))
  else context.output(flags.output === 'json' ? describeOutput(output) : toValues(output))
  if (!flags.quiet) {
    const { asked } = renderer.counts()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    context.log(`${describe(result, solved)}; ${count(asked, 'render')}, ${seconds} s`)
    for (const notice of result.notices) context.log(`! ${notice}`)
    for (const { reference, places } of result.undecided) {
      const where = `${places[0]?.document ?? ''} ${places[0]?.path ?? ''}`
      context.log(
        `? "${reference}" may be an image: ${where}; decide with --mirror ${reference} or --ignore ${reference}`,
      )
    }
    for (const question of result.questions) {
      context.log(`? ${describeQuestion(question)}; settle it with ${ignoreFlag(question)}`)
    }
  }
  const problems = problemsOf(name, solved, remedied)
  if (problems.length === 0 && flags.strict && questionCount(result) > 0) return 1
  return finish(problems, flags, context)
}

function ignoreFlag(question: OpenQuestion): string {
  return `--ignore ${shellWord(subjectOf(question))}`
}

function finish(
  problems: readonly Problem[],
  { allowUnproven, images }: RelocateFlags,
  { log }: Context,
): number {
  if (problems.length === 0 || images) return 0
  if (!allowUnproven) throw new ProblemError(problems)
  for (const problem of problems) log(`! ${sentenceOf(problem)}`)
  return 0
}

function describe(result: RelocationResult, { proofs }: LayoutResult): string {
  const state = describeState(stateOf(proofs), questionCount(result))
  return `${count(result.images.length, 'image')}: ${state}`
}

function questionCount({ questions, undecided }: RelocationResult): number {
  return questions.length + undecided.length
}

interface Output {
  readonly name: string
  readonly version: string
  readonly target: Target
  readonly flags: RelocateFlags
  readonly result: RelocationResult
  readonly solved: LayoutResult
}

function toValues({ name, version, target, solved }: Output): string {
  const values = block(buildValues(solved.values, target))
  return (
    `# Values that make ${lineOf(name)} ${lineOf(version)} pull from ${target.registry}.\n` +
    (values === '' ? '# No values are needed.\n{}\n' : `${values}\n`)
  )
}

function describeOutput({ name, version, target, flags, result, solved }: Output): string {
  const placeOf = placeNames(
    flags.layout,
    name,
    result.images.map(({ reference }) => unwrap(parseReference(reference))),
  )
  const [proof] = solved.proofs
  return toJson({
    chart: { name, version },
    ...target,
    layout: flags.layout,
    images: result.images.map(({ reference, places }) => ({
      reference,
      destination: destinationOf(reference, placeOf, target),
      places,
    })),
    state: stateOf(solved.proofs),
    questions: result.questions,
    undecided: result.undecided,
    dormant: result.dormant,
    values: buildValues(solved.values, target),
    unreached: solved.unreached,
    proof,
    notices: result.notices,
  })
}

function destinationOf(reference: string, placeOf: PlaceName, target: Target): string {
  const parsed = unwrap(parseReference(reference))
  const tag = parsed.tag === undefined ? '' : `:${parsed.tag}`
  const digest = parsed.digest === undefined ? '' : `@${parsed.digest}`
  return `${fillPattern(placeOf(parsed), target)}${tag}${digest}`
}

/** The result of handling references that no value redirects. */
interface Remedied {
  readonly faults: readonly string[]
}

/** Writes the requested patched chart and post-renderer, and proves the former. */
async function applyRemedies(
  { local, given, target, flags, context, session }: Job,
  relocation: ChartRelocation,
  solved: LayoutResult,
): Promise<Remedied | undefined> {
  const rewrites = rewritesOf(relocation, target)
  if (flags.postRenderer !== undefined) {
    await writePostRenderer(resolve(flags.postRenderer), rewrites)
    context.log(
      `wrote ${flags.postRenderer}, which rewrites ${count(rewrites.length, 'reference')} during helm install, but nothing in crds/`,
    )
  }
  if (flags.repack === undefined) return undefined
  const over = buildValues(solved.values, target)
  const { own, restatedPaths } = splitOverride(over, given.tree)
  const patched = patchChart(local.chart, own, rewrites, local.hash)
  const { metadata } = local.chart
  const archive = await packChart(metadata, patched, resolve(flags.repack), session)
  const faults = unwrap(await proveRepacked(archive, relocation, { target, over }, session))
  context.log(
    `wrote ${archive}: changed ${patched.changes.join(', ') || 'nothing'}; ${faults.length === 0 ? 'proven' : 'unproven'}`,
  )
  for (const path of restatedPaths) {
    context.log(
      `! the patched chart does not contain ${lineOf(formatLeafPath(path))}, a list from your values; install it together with the printed values`,
    )
  }
  return { faults }
}

function problemsOf(
  name: string,
  { unreached, proofs }: LayoutResult,
  remedied: Remedied | undefined,
): Problem[] {
  if (remedied !== undefined) return remedied.faults.map((fault) => unproven(name, fault))
  if (unreached.length > 0) return unreached.map(unreachable)
  return proofs.flatMap(({ result, faults }) =>
    result === 'unproven' || result === 'failed'
      ? faults.map((fault) => unproven(name, fault))
      : [],
  )
}

const causes: Readonly<Record<Unreached['cause'], string>> = {
  unreachable: 'no value sets it',
  conflict: 'other references need different values for its leaves',
  unmoved: 'the values that contribute to it do not redirect it',
}

function unreachable({ reference, document, path, template, cause }: Unreached): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `"${reference}" stays public at ${document} ${path}, from ${template}: ${causes[cause]}`,
    next: 'write a patched chart with --repack DIR or a post-renderer with --post-renderer DIR, or continue with --allow-unproven',
  }
}

function unproven(name: string, fault: string): Problem {
  return {
    kind: 'unproven',
    side: 'source',
    message: `${name} is not proven: ${fault}`,
    next: 'if that difference is harmless, continue with --allow-unproven',
  }
}
