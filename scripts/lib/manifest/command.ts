import { countQuestions, stateOf } from '../model/chart/verdict.ts'
import { resolve } from 'node:path'
import type { Context } from '../cli/main.ts'
import type { RegenerateFlags } from '../commands/regenerate-manifest.ts'
import { count, toJson } from '../cli/text.ts'
import { emptyLock } from '../model/manifest/lock.ts'
import { defineManifest, type Manifest } from '../model/manifest/manifest.ts'
import { diffManifests } from '../model/manifest/diff.ts'
import { type Problem, ProblemError, unwrap } from '../model/problem.ts'
import { recordFrom } from '../model/tree/tree.ts'
import type { ValuesTree } from '../model/values/values.ts'
import {
  checkGenerated,
  defaultListFile,
  type GeneratedFile,
  findStale,
  type ListSource,
  moduleFile,
  originOfList,
  readListFile,
  checkManifestPlace,
  readPreviousManifest,
  schemaFile,
  shownFile,
  sourceName,
  writeGenerated,
} from '../sources/manifest/generated.ts'
import { loadLock, lockFileOf, renderLock } from '../sources/manifest/lock-file.ts'
import { defaultManifestFile, loadManifest } from '../sources/manifest/file.ts'
import { loadOperators } from '../sources/operators-yaml.ts'
import { readGivenFiles } from '../values/given.ts'
import { bumpList } from './bump-list.ts'
import { parseBump } from './bump.ts'
import { restatedLists } from './restated.ts'
import { resolveDigests } from './digests.ts'
import { findOutdated, renderOutdated } from './outdated.ts'
import { type Regenerated, regenerate, regenerateFromUmbrella } from './regenerate.ts'
import { describeDiscovery, renderChanges, renderFindings } from './report.ts'
import { explainImage } from './why.ts'
import { withSession, type Session } from '../session/session.ts'

/** Runs `regenerate-manifest`. Returns the exit code. */
export async function runRegenerate(flags: RegenerateFlags, context: Context): Promise<number> {
  const manifestFile = resolve(flags.manifest ?? defaultManifestFile)
  if (flags.why !== undefined) {
    context.print(explainImage(await loadManifest(manifestFile), flags.why))
    return 0
  }
  const source = await readListFile(resolve(flags.list ?? defaultListFile))
  if (flags.check && !flags.render) {
    const operators = await loadOperators(flags.operators)
    const problems = await checkGenerated(source, manifestFile, operators)
    if (problems.length > 0) throw new ProblemError(problems)
    if (!flags.quiet) context.log('generated files are up to date')
    return 0
  }
  const values = flags.values === undefined ? 'declared' : 'given'
  const origin = originOfList(source.file)
  const options = { isQuiet: flags.quiet ?? false, values, origin } as const
  return withSession(context, options, async (session) => {
    if (flags.outdated) return showOutdated(source, session, flags, context)
    if (flags.check) return checkRenders(source, manifestFile, session, flags, context)
    return write(source, manifestFile, session, flags, context)
  })
}

async function showOutdated(
  { list }: ListSource,
  session: Session,
  flags: RegenerateFlags,
  { print, log, output }: Context,
): Promise<number> {
  const { outdated, problems } = await findOutdated(list.charts, session)
  if (flags.output === 'json') output(toJson({ outdated }))
  else print(renderOutdated(outdated))
  if (problems.length > 0) throw new ProblemError(problems)
  if (!flags.quiet) {
    log(
      outdated.length === 0
        ? 'every chart is at its newest stable version'
        : `bump one with --bump ${outdated[0]?.name ?? ''}=${outdated[0]?.newest ?? ''}`,
    )
  }
  return 0
}

/** Problems for which a check that needs charts is skipped, because they say nothing about the manifest. */
const unavailable: ReadonlySet<Problem['kind']> = new Set([
  'network',
  'timeout',
  'server-error',
  'tls',
  'rate-limited',
])

async function checkRenders(
  source: ListSource,
  manifestFile: string,
  session: Session,
  flags: RegenerateFlags,
  context: Context,
): Promise<number> {
  const operators = await loadOperators(flags.operators)
  const problems = await checkGenerated(source, manifestFile, operators)
  if (problems.length > 0) throw new ProblemError(problems)
  try {
    const input = { ...source, operators }
    const { manifest } = await regenerate(input, session, progressOf(flags, context))
    const [stale] = await findStale([
      await moduleFile(manifest, sourceName(source.file), manifestFile),
    ])
    if (stale === undefined) {
      if (!flags.quiet) context.log('all renders match the manifest')
      return 0
    }
    const previous = await loadManifest(manifestFile)
    context.print(renderChanges(diffManifests(previous, manifest)))
    throw new ProblemError({
      kind: 'differs',
      side: 'local',
      message: `"${shownFile(manifestFile)}" does not match what the charts render now`,
      next: 'run "npm run regenerate", review the diff and commit it',
    })
  } catch (error) {
    const isUnavailable =
      error instanceof ProblemError && error.problems.every(({ kind }) => unavailable.has(kind))
    if (!isUnavailable) throw error
    context.log(`skipped: the charts could not be fetched (${error.problems[0]?.message ?? ''})`)
    return 0
  }
}

async function write(
  source: ListSource,
  manifestFile: string,
  session: Session,
  flags: RegenerateFlags,
  context: Context,
): Promise<number> {
  await checkManifestPlace(manifestFile)
  const previous = await readPreviousManifest(manifestFile, context.log)
  // Read before the charts, so that a damaged lock is reported and not replaced.
  const before = flags.digests ? await loadLock(manifestFile) : emptyLock
  const bumped = await bumpList(source, flags.bump ?? [], session)
  const given = unwrap(await readGivenFiles(flags.values ?? [], session))
  const generated = await generate({ source: bumped, previous, given }, session, flags, context)
  const manifest = defineManifest(generated.manifest)
  const origin = flags.from === undefined ? sourceName(source.file) : 'its umbrella chart'
  const files: GeneratedFile[] = [
    ...(source.file === defaultListFile ? [schemaFile()] : []),
    ...(bumped.text === source.text ? [] : [{ file: source.file, text: bumped.text }]),
    await moduleFile(manifest, origin, manifestFile),
  ]
  let problems: Problem[] = []
  if (flags.digests) {
    const resolved = await resolveDigests(manifest, session)
    // Entries that could not be queried keep their previous state.
    const images = recordFrom(
      manifest.images.flatMap(({ reference }) => {
        const locked = resolved.lock.images[reference] ?? before.images[reference]
        return locked === undefined ? [] : [[reference, locked] as const]
      }),
    )
    files.push({ file: lockFileOf(manifestFile), text: renderLock({ ...resolved.lock, images }) })
    problems = resolved.problems
  }
  const stale = await findStale(files)
  await writeGenerated(stale, flags.manifest === undefined ? undefined : manifestFile)
  for (const list of restatedLists(manifest, given)) {
    context.log(
      `! the manifest contains a list from your values (${list}); check it for secrets before you commit the manifest`,
    )
  }
  const changes = previous === undefined ? [] : diffManifests(previous, manifest)
  if (flags.output === 'json') context.output(toJson({ changes }))
  else context.print(renderChanges(changes))
  if (!flags.quiet) {
    const lookedAt = new Set(generated.discoveries.map(({ name }) => name))
    context.log(renderFindings(manifest, lookedAt, originOfList(source.file)))
    for (const { file } of stale) context.log(`wrote ${shownFile(file)}`)
    if (stale.length === 0) context.log('nothing to write: generated files are up to date')
    const { renders, variants } = sumUp(generated)
    context.log(
      `${count(manifest.charts.length, 'chart')}, ${count(manifest.images.length, 'image')}; ` +
        `${count(renders, 'render')} for ${count(variants, 'chart and variant', 'charts and variants')}`,
    )
  }
  if (problems.length > 0) throw new ProblemError(problems)
  return isProven(manifest) && !(flags.strict && hasQuestions(manifest)) ? 0 : 1
}

function sumUp({ discoveries }: Regenerated) {
  return {
    renders: discoveries.reduce((sum, { renders }) => sum + renders, 0),
    variants: discoveries.reduce((sum, { variants }) => sum + variants, 0),
  }
}

function isProven({ charts, umbrella }: Manifest): boolean {
  const all = [...charts, ...(umbrella === undefined ? [] : [umbrella])]
  return all.every(({ relocation }) =>
    Object.values(relocation).every(({ proofs }) => stateOf(proofs) === 'proven'),
  )
}

function hasQuestions({ charts, umbrella }: Manifest): boolean {
  const all = [...charts, ...(umbrella === undefined ? [] : [umbrella])]
  return all.some((chart) => countQuestions(chart) > 0)
}

function progressOf({ quiet }: RegenerateFlags, { log }: Context) {
  return (discovery: Parameters<typeof describeDiscovery>[0]) => {
    if (!quiet) log(describeDiscovery(discovery))
  }
}

interface GenerateInput {
  readonly source: ListSource
  readonly previous: Manifest | undefined
  /** The values that the umbrella chart is installed with. */
  readonly given: ValuesTree
}

async function generate(
  { source, previous, given }: GenerateInput,
  session: Session,
  flags: RegenerateFlags,
  context: Context,
): Promise<Regenerated> {
  const onEnd = progressOf(flags, context)
  const operators = await loadOperators(flags.operators)
  if (flags.from !== undefined) {
    const { kubeVersion } = flags
    const input = {
      path: resolve(flags.from),
      values: given,
      declared: source.list,
      operators,
      ...(kubeVersion !== undefined && { kubeVersion }),
    }
    return regenerateFromUmbrella(input, session, onEnd)
  }
  const bumps = (flags.bump ?? []).map((text) => unwrap(parseBump(text)).name)
  const only = [...(flags.chart ?? []), ...bumps]
  const stranger = only.find((name) => !source.list.charts.some((chart) => chart.name === name))
  if (stranger !== undefined) {
    throw new ProblemError({
      kind: 'usage',
      side: 'input',
      message: `chart "${stranger}" is not in ${shownFile(source.file)}`,
      next: `its charts are ${source.list.charts.map(({ name }) => name).join(', ')}`,
    })
  }
  return regenerate(
    {
      ...source,
      operators,
      ...(only.length > 0 && { only: new Set(only) }),
      ...(previous !== undefined && { previous }),
    },
    session,
    onEnd,
  )
}
