import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Origin } from '../../model/origin.ts'
import { about, failure, type Problem, type Result, success } from '../../model/problem.ts'
import type { Run } from '../../tools/process/exec.ts'
import { templateCommand } from '../../tools/process/helm.ts'
import type { Environment, Surroundings } from '../../tools/process/environment.ts'
import { interruptible, throwIfInterrupted } from '../../steps/interruptible.ts'
import { copyChart } from '../chart/copy.ts'
import type { RenderCache } from './cache.ts'
import type { ChartFiles } from '../chart/chart.ts'
import { type RenderedDocument, splitInSteps } from './documents.ts'
import type { PostRenderer, Render, RenderRequest } from './render.ts'
import { asReadByHelm, findMisread } from './reading.ts'
import { hideApis } from './hidden-apis.ts'
import { writeHelmFile } from './helm-file.ts'
import { explainRender } from './problem.ts'
import { outsideProblem } from './outside-schema.ts'
import { withReadableSecrets } from './secrets.ts'
import { countVerbatim } from './verbatim.ts'

export interface RendererOptions {
  readonly run: Run
  readonly helm: string
  /** helm's own version string: renders of different versions are cached separately. */
  readonly helmVersion: string
  /** The folder and environment in which helm runs. */
  readonly surroundings: Surroundings
  readonly signal: AbortSignal
  /** A private folder for values files; created if missing. */
  readonly workFolder: string
  /** Where renders are cached; not cached when undefined. */
  readonly cache?: RenderCache | undefined
  /** The archive or folder passed to helm, and its content in memory. */
  readonly path: string
  readonly chart: ChartFiles
  /** Where the user names the chart. */
  readonly origin: Origin
  /** Hash of the chart's content. */
  readonly hash: string
}

/** A renderer of one chart, with counts of its renders. */
export interface Renderer {
  readonly render: Render
  /** Returns the number of different renders that were requested, and of those that helm had to make. */
  readonly counts: () => { readonly asked: number; readonly made: number }
}

/** Time limit of a render; the slowest public charts need about ten seconds on a busy machine. */
const deadline = 5 * 60_000

/** Maximum length of a render. helm stores a release in one Secret, which holds 1 MiB of it compressed. */
const maximumRender = 64 * 1024 * 1024

function mebibytesOf(length: number): number {
  return Math.ceil(length / (1024 * 1024))
}

function tooLarge({ metadata: { name, version } }: ChartFiles, length: number): Problem {
  const limit = mebibytesOf(maximumRender)
  return {
    kind: 'render-failed',
    side: 'source',
    message: `chart ${name} ${version} renders to ${mebibytesOf(length)} MiB (limit: ${limit} MiB)`,
    next: "set values that reduce the chart's output: helm cannot install a release of this size",
  }
}

/**
 * Creates a renderer that uses helm. With a cache, the same chart, values, versions and flags are rendered only once.
 */
export function createRenderer(options: RendererOptions): Renderer {
  let outside: Promise<Problem | undefined> | undefined
  const findOutside = () =>
    (outside ??= interruptible(outsideProblem(options.chart), options.signal))
  const verbatim = countVerbatim(options.chart)
  let asked = 0
  const known = new Set<string>()
  let made = 0
  let files = 0
  // Several renderers of one chart may work at the same time.
  const own = randomBytes(8).toString('hex')
  const split = async (
    text: string,
    { isReadByHelm = false }: RenderRequest,
    cache: RenderCache | undefined,
  ): Promise<Result<readonly RenderedDocument[]>> => {
    const documents = await interruptible(splitInSteps(text, verbatim), options.signal)
    if (!isReadByHelm) return success(documents.map(withReadableSecrets))
    const misread = await findMisreadOnce(text, documents, options, cache)
    if (!misread.ok) {
      const { name, version } = options.chart.metadata
      return failure(about(`chart ${name} ${version}`, misread.problem))
    }
    return success(asReadByHelm(documents, misread.value))
  }
  const copies = new Map<string, Promise<string>>()
  const copyWithout = (apis: readonly string[]): Promise<string> => {
    const key = apis.join(' ')
    const copy =
      copies.get(key) ??
      copyChart(options.path, (path, content) => hideApis(path, content, apis), options.workFolder)
    copies.set(key, copy)
    return copy
  }
  const make = async (request: RenderRequest): Promise<Result<string>> => {
    // The values folder may already be deleted and must not be created again.
    throwIfInterrupted(options.signal)
    made += 1
    const values = []
    for (const tree of request.values) {
      files += 1
      const file = join(options.workFolder, `${own}-${files}.json`)
      values.push((await writeHelmFile(file, tree)).path)
    }
    const { postRenderer, hiddenApis = [], ...flags } = request
    const path = hiddenApis.length === 0 ? options.path : await copyWithout(hiddenApis)
    const command = templateCommand(options.helm, path, {
      ...flags,
      values,
      ...(postRenderer !== undefined && { postRenderer: postRenderer.name }),
    })
    const result = await options.run(command, {
      ...withPlugins(options.surroundings, postRenderer),
      signal: options.signal,
      deadline,
    })
    if (!result.ok) return failure(explainRender(result, { ...options, values: request.values }))
    return result.stdout.length > maximumRender
      ? failure(tooLarge(options.chart, result.stdout.length))
      : success(result.stdout)
  }
  return {
    render: async (request) => {
      // Checked before helm runs or the cache is used: helm would fetch and read whatever a chart names.
      const problem = request.skipSchema ? undefined : await findOutside()
      if (problem !== undefined) return failure(problem)
      const cache = request.isFresh ? undefined : options.cache
      const key = keyOf(request, options)
      if (cache === undefined || !known.has(key)) asked += 1
      known.add(key)
      const kept = await cache?.read(key)
      if (kept !== undefined) return split(kept, request, cache)
      const rendered = await make(request)
      if (!rendered.ok) return rendered
      await cache?.store(key, rendered.value)
      return split(rendered.value, request, cache)
    },
    counts: () => ({ asked, made }),
  }
}

function withPlugins({ env, cwd }: Surroundings, postRenderer?: PostRenderer): Surroundings {
  if (postRenderer === undefined) return { env, cwd }
  const added: Environment = { HELM_PLUGINS: postRenderer.plugins }
  return { env: Object.assign(Object.create(null), env, added), cwd }
}

/** Calls `findMisread` once per render and caches the result next to it. */
async function findMisreadOnce(
  text: string,
  documents: readonly RenderedDocument[],
  options: RendererOptions,
  cache: RenderCache | undefined,
): Promise<Result<ReadonlySet<number>>> {
  const key = createHash('sha256')
    .update(JSON.stringify(['read by helm', options.helmVersion]))
    .update(text)
    .digest('hex')
  const kept = await cache?.read(key)
  if (kept !== undefined) return success(new Set(kept.split(' ').filter(Boolean).map(Number)))
  const misread = await findMisread(documents, options)
  if (misread.ok) await cache?.store(key, [...misread.value].join(' '))
  return misread
}

/** Changes whenever copies of charts do, because their renders are kept between runs. */
const copyFormat = 2

function keyOf(request: RenderRequest, { hash, helmVersion }: RendererOptions): string {
  const { isFresh: _, isReadByHelm: __, ...rest } = request
  const format = request.hiddenApis === undefined ? [] : [copyFormat]
  return createHash('sha256')
    .update(JSON.stringify([hash, helmVersion, rest, ...format]))
    .digest('hex')
}
