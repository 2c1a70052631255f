import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdtemp, open, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type ChartSource, type ChartVersion, isOciRepository } from '../../model/chart/chart.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import { joinNames } from '../../tools/files/name.ts'
import { withStageIn } from '../../tools/files/stage.ts'
import { withRetry } from '../../tools/pacing/retry.ts'
import { checkKept, keepArchive } from './archive-cache.ts'
import type { RenderCache } from '../render/cache.ts'
import { isVolatile } from '../render/volatile.ts'
import { limits } from '../chart/budget.ts'
import { hashChart, readChart, readWhole } from '../chart/files.ts'
import type { ChartFiles } from '../chart/chart.ts'
import type { ChartDependency } from '../chart/metadata.ts'
import { type ChartIndex, findVersion, type IndexEntry, loadIndex } from './index-file.ts'
import { namesOf, vendor } from './vendor.ts'
import { writeChartFiles } from '../chart/write.ts'
import { pullChart } from './pull.ts'
import { pullDeadline, pullPinned, pullVersion } from './pull-oci.ts'
import { createRenderer, type Renderer } from '../render/renderer.ts'
import { interruptible } from '../../steps/interruptible.ts'
import type { Session } from '../../session/session.ts'

/** A local chart: its path for helm, and its content in memory. */
export interface LocalChart {
  readonly path: string
  readonly chart: ChartFiles
  readonly hash: string
}

/** Fetches published charts, each archive once per machine. */
export interface Acquirer {
  readonly published: (chart: ChartVersion) => Promise<Result<LocalChart>>
  /** A chart as published under this name, regardless of its own name. */
  readonly tagged: (chart: ChartVersion) => Promise<Result<LocalChart>>
  /** A chart in a registry by its digest, regardless of its own name. */
  readonly pinned: (chart: ChartSource, digest: string) => Promise<Result<LocalChart>>
  /** The index of an HTTP repository, loaded once. */
  readonly index: (repository: string) => Promise<Result<ChartIndex>>
}

export function createAcquirer(session: Session): Acquirer {
  const indexes = new Map<string, Promise<Result<ChartIndex>>>()
  const index = (repository: string) => {
    const known =
      indexes.get(repository) ??
      withRetry(session.signal, () =>
        loadIndex(session.http, repository, session.signal, session.origin),
      )
    indexes.set(repository, known)
    return known
  }
  const entryOf = async (chart: ChartVersion): Promise<Result<IndexEntry>> => {
    const listed = await index(chart.repository)
    if (!listed.ok) return listed
    return findVersion(listed.value, chart, session.origin)
  }
  /** The entry is looked up outside the retries: loading its index has its own. */
  const pullerOf = async (
    chart: ChartVersion,
  ): Promise<Result<(folder: string) => Promise<Result<string>>>> => {
    if (isOciRepository(chart.repository)) {
      return success((folder) => pullVersion(session, chart, folder))
    }
    const entry = await entryOf(chart)
    if (!entry.ok) return entry
    const { http, signal, origin } = session
    const options = { signal, deadline: pullDeadline, origin }
    return success(async (folder) => {
      const pulled = await pullChart(http, chart, entry.value, folder, options)
      return pulled.ok ? success(pulled.value.file) : pulled
    })
  }
  const acquire = async (chart: ChartVersion): Promise<Result<LocalChart>> => {
    const kept = joinNames(session.chartCache, keyOf(chart), `${chart.name}-${chart.version}.tgz`)
    const state = await checkKept(kept)
    if (state === 'whole') return openLocal(kept, session)
    if (state === 'changed') {
      session.notice(
        `could not verify the cached archive of ${chart.name} ${chart.version}; fetching it again`,
      )
    }
    const pull = await pullerOf(chart)
    if (!pull.ok) return pull
    const pulled = await withRetry(session.signal, async () => {
      return withStageIn(session.folder, async (stage) => {
        const file = await pull.value(stage)
        if (file.ok) await keepArchive(file.value, kept)
        return file
      })
    })
    return pulled.ok ? openLocal(kept, session) : pulled
  }
  return {
    index,
    pinned: (chart, digest) =>
      withRetry(session.signal, () =>
        withStageIn(session.folder, async (stage) => {
          const file = await pullPinned(session, chart, digest, stage)
          return file.ok ? openLocal(file.value, session) : file
        }),
      ),
    async published(chart) {
      const local = await acquire(chart)
      return local.ok ? refuseOtherName(local.value, chart) : local
    },
    tagged: acquire,
  }
}

/** A chart with a different name of its own would be pushed and installed under that name. */
function refuseOtherName(
  local: LocalChart,
  { name, repository }: ChartVersion,
): Result<LocalChart> {
  const own = local.chart.metadata.name
  if (own === name) return success(local)
  return failure({
    kind: 'differs',
    side: 'source',
    message: `"${repository}/${name}" holds chart "${own}"`,
    next: `set the name of the chart to ${own}, if its publisher uses that name`,
  })
}

/** Returns a readable name with a hash, because two repositories may publish charts with the same name and version. */
function keyOf({ repository, name, version }: ChartVersion): string {
  const hash = createHash('sha256').update(`${repository} ${name} ${version}`).digest('hex')
  return `${name}-${hash.slice(0, 16)}`
}

/** Opens a chart folder or archive. If dependencies are missing from a folder, they are fetched into a copy. */
export async function openLocal(path: string, session: Session): Promise<Result<LocalChart>> {
  // helm reads the checked copy, because the original could change meanwhile.
  const archive = await copyArchive(path, session)
  const read = await readWhole(archive ?? path)
  if (!read.ok) return read
  const { chart, folder } = read.value
  const missing = missingDependencies(chart)
  if (missing.length === 0) {
    const own = archive ?? (await ownPlace(path, session))
    if (folder !== undefined) await writeChartFiles(own, folder)
    return success({ path: own, chart, hash: hashChart(chart) })
  }
  if (folder === undefined) {
    return failure({
      kind: 'invalid-input',
      side: 'input',
      message: `"${basename(path)}" is missing its dependencies ${namesOf(missing)}`,
      next: 'unpack it, run "helm dependency update" in the folder, and specify the folder instead',
    })
  }
  const copy = await vendor(path, missing, session)
  if (!copy.ok) return copy
  const complete = await readChart(copy.value)
  return complete.ok
    ? success({ path: copy.value, chart: complete.value, hash: hashChart(complete.value) })
    : complete
}

/** Returns a path with the same file name in a new folder of this run. */
async function ownPlace(path: string, { folder }: Session): Promise<string> {
  return join(await mkdtemp(join(folder, 'chart-')), basename(resolve(path)))
}

/** Copies an archive. Returns undefined if it is not one or is too large; the reader reports why. */
async function copyArchive(path: string, session: Session): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined)
  if (handle === undefined) return undefined
  try {
    const info = await handle.stat()
    if (!info.isFile() || info.size > limits.packedBytes) return undefined
    const own = await ownPlace(path, session)
    await writeFile(own, await handle.readFile(), { mode: 0o600 })
    return own
  } finally {
    await handle.close()
  }
}

/** Returns the declared dependencies that are missing from `charts/`, at any depth. */
function missingDependencies(chart: ChartFiles): ChartDependency[] {
  const present = new Set(chart.subcharts.map(({ metadata }) => metadata.name))
  return [
    ...chart.metadata.dependencies.filter(({ name }) => !present.has(name)),
    ...chart.subcharts.flatMap(missingDependencies),
  ]
}

/**
 * Creates a renderer of a local chart that caches its renders. If the output changes from render to render, they are
 * cached for this run only: an old one proves nothing.
 */
export function rendererOf(local: LocalChart, session: Session): Renderer {
  return createRenderer({
    run: session.run,
    helm: session.helm.path,
    helmVersion: session.helm.version,
    surroundings: session.surroundings.helm,
    signal: session.signal,
    workFolder: join(session.folder, 'values'),
    cache: cacheFor(local, session),
    origin: session.origin,
    ...local,
  })
}

/** Returns the cache of a chart's renders. It is chosen on first use, because all files of the chart are searched. */
function cacheFor({ chart }: LocalChart, { renders, signal }: Session): RenderCache {
  let chosen: Promise<RenderCache> | undefined
  const choose = async () =>
    (await interruptible(isVolatile(chart), signal)) ? renders.thisRun : renders.kept
  const cache = () => (chosen ??= choose())
  return {
    read: async (key) => (await cache()).read(key),
    store: async (key, text) => (await cache()).store(key, text),
  }
}
