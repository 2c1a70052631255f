import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type ChartVersion, isOciRepository, ociChartUrl } from '../model/chart.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { classifyRun } from '../tools/failures.ts'
import { placeFile } from '../tools/files.ts'
import { joinNames } from '../tools/files/name.ts'
import { dependencyCommand, pullOciCommand } from '../tools/helm.ts'
import { withRetry } from '../tools/retry.ts'
import { type ChartFiles, hashChart, readChart } from './chart-files.ts'
import { type ChartIndex, findVersion, type IndexEntry, loadIndex } from './index-file.ts'
import { pullChart } from './pull.ts'
import { createRenderer, type Renderer } from './renderer.ts'
import type { Workshop } from './workshop.ts'

/** A chart that is here: as helm takes it, and in memory. */
export interface LocalChart {
  readonly path: string
  readonly chart: ChartFiles
  readonly hash: string
}

/** Gets charts from where they are published, each archive once per machine. */
export interface Acquirer {
  readonly published: (chart: ChartVersion) => Promise<Result<LocalChart>>
  /** The index of an HTTP repository, loaded once. */
  readonly index: (repository: string) => Promise<Result<ChartIndex>>
}

export function createAcquirer(workshop: Workshop): Acquirer {
  const indexes = new Map<string, Promise<Result<ChartIndex>>>()
  const index = (repository: string) => {
    const known =
      indexes.get(repository) ??
      withRetry(workshop.signal, () => loadIndex(workshop.http, repository, workshop.signal))
    indexes.set(repository, known)
    return known
  }
  const entryOf = async (chart: ChartVersion): Promise<Result<IndexEntry>> => {
    const listed = await index(chart.repository)
    if (!listed.ok) return listed
    return findVersion(listed.value(chart.name), chart.name, chart.version, chart.repository)
  }
  /** The entry is looked up outside the repetitions: its index has had its own. */
  const pullerOf = async (
    chart: ChartVersion,
  ): Promise<Result<(folder: string) => Promise<Result<string>>>> => {
    if (isOciRepository(chart.repository)) {
      return success((folder) => pullOci(workshop, chart, folder))
    }
    const entry = await entryOf(chart)
    if (!entry.ok) return entry
    const { run, helm, env, signal } = workshop
    const options = { env, signal, deadline: pullDeadline }
    return success(async (folder) => {
      const tools = { run, helm: helm.path }
      const pulled = await pullChart(tools, chart, entry.value, folder, options)
      return pulled.ok ? success(pulled.value.file) : pulled
    })
  }
  return {
    index,
    async published(chart) {
      const archive = `${chart.name}-${chart.version}.tgz`
      const kept = joinNames(workshop.chartCache, keyOf(chart), archive)
      if (await exists(kept)) return openLocal(kept, workshop)
      const pull = await pullerOf(chart)
      if (!pull.ok) return pull
      const pulled = await withRetry(workshop.signal, async () => {
        const folder = await mkdtemp(join(workshop.folder, 'pull-'))
        const file = await pull.value(folder)
        if (file.ok) await placeFile(file.value, kept)
        await rm(folder, { recursive: true, force: true })
        return file
      })
      return pulled.ok ? openLocal(kept, workshop) : pulled
    },
  }
}

const pullDeadline = 5 * 60_000

async function pullOci(
  { run, helm, env, signal }: Workshop,
  chart: ChartVersion,
  folder: string,
): Promise<Result<string>> {
  const command = pullOciCommand(helm.path, ociChartUrl(chart), chart.version, folder)
  const result = await run(command, { env, signal, deadline: pullDeadline })
  const host = new URL(chart.repository.replace(/^oci:/, 'https:')).host
  if (!result.ok) {
    const problem = classifyRun(result, { sourceHost: host })
    const name = `chart "${chart.name}" ${chart.version}`
    return failure({
      ...problem,
      message: `${name}: ${problem.message}`,
      ...(problem.kind === 'not-found' && {
        next: `check name, version and repository; "crane ls ${host}/…" lists what is there`,
      }),
    })
  }
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  if (archive !== undefined) return success(join(folder, archive))
  return failure({
    kind: 'unknown',
    side: 'local',
    message: `helm pull of "${ociChartUrl(chart)}" left no archive`,
  })
}

/** A readable name with a hash: two repositories may publish charts of one name and version. */
function keyOf({ repository, name, version }: ChartVersion): string {
  const hash = createHash('sha256').update(`${repository} ${name} ${version}`).digest('hex')
  return `${name}-${hash.slice(0, 16)}`
}

async function exists(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined)
  return info?.isFile() ?? false
}

/** Opens a chart folder or archive. A folder whose dependencies are not in it gets them in a copy. */
export async function openLocal(path: string, workshop: Workshop): Promise<Result<LocalChart>> {
  const read = await readChart(path)
  if (!read.ok) return read
  const missing = missingDependencies(read.value)
  if (missing.length === 0) return success({ path, chart: read.value, hash: hashChart(read.value) })
  const info = await stat(path)
  if (!info.isDirectory()) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `"${basename(path)}" lacks its dependencies ${missing.join(', ')}`,
      next: 'unpack it, run "helm dependency update" in it, and name the folder',
    })
  }
  return vendor(path, missing, workshop)
}

/** Declared dependencies that are not in `charts/`, at any depth. */
function missingDependencies(chart: ChartFiles): string[] {
  const present = new Set(chart.subcharts.map(({ metadata }) => metadata.name))
  return [
    ...chart.metadata.dependencies.filter(({ name }) => !present.has(name)).map(({ name }) => name),
    ...chart.subcharts.flatMap(missingDependencies),
  ]
}

async function vendor(
  path: string,
  missing: readonly string[],
  workshop: Workshop,
): Promise<Result<LocalChart>> {
  const { run, helm, env, signal, folder } = workshop
  const copy = join(await mkdtemp(join(folder, 'vendor-')), basename(path))
  await cp(path, copy, { recursive: true })
  workshop.notice(`${basename(path)}: getting its dependencies ${missing.join(', ')}`)
  let said = ''
  // A lock is followed when there is one; what it cannot get is worked out anew from Chart.yaml.
  for (const action of ['build', 'update'] as const) {
    const command = dependencyCommand(helm.path, action, copy)
    const result = await run(command, { env, signal, deadline: pullDeadline, cwd: folder })
    if (result.ok) {
      const read = await readChart(copy)
      return read.ok
        ? success({ path: copy, chart: read.value, hash: hashChart(read.value) })
        : read
    }
    said = classifyRun(result).message
  }
  return failure({
    kind: 'not-found',
    side: 'source',
    message: `dependencies of "${basename(path)}" (${missing.join(', ')}) cannot be had: ${said}`,
    next: 'check their repositories in its Chart.yaml, or put them into its charts folder',
  })
}

/** A renderer of a local chart that keeps its renders. */
export function rendererOf(local: LocalChart, workshop: Workshop): Renderer {
  return createRenderer({
    run: workshop.run,
    helm: workshop.helm.path,
    helmVersion: workshop.helm.version,
    env: workshop.env,
    signal: workshop.signal,
    workFolder: workshop.folder,
    cacheFolder: workshop.renderCache,
    ...local,
  })
}
