import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, ProblemError, success, type Problem, type Result } from '../../model/problem.ts'
import type { Run } from '../process/exec.ts'
import { createHttp } from '../http/http.ts'
import type { Http } from '../http/types.ts'
import { fetchFromArchive } from './archive.ts'
import { buildWithGo } from './build.ts'
import {
  findOnPath,
  isOwnExecutable,
  toolFolder,
  publish,
  withLock,
  withStage,
  type ToolPlace,
} from './cache.ts'
import { toolPins, type ToolName, type ToolPins } from './pins.ts'
import { askVersion, isNewEnough } from './version.ts'

/** A tool that is ready to run, and its origin. */
export interface Tool {
  readonly name: ToolName
  readonly path: string
  readonly version: string
  readonly origin: 'path' | 'cache' | 'download' | 'go'
}

export interface ToolOptions {
  /** The environment, with PATH, the cache folder (`ECR_AIRLIFT_CACHE`), proxies and certificate authorities. */
  readonly env: NodeJS.ProcessEnv
  readonly run: Run
  readonly http?: Http
  readonly signal?: AbortSignal
  /** Called with one sentence about each slow or unexpected event. */
  readonly onNotice?: (text: string) => void
  readonly pins?: ToolPins
  /** `<process.platform>-<process.arch>`. */
  readonly platform?: string
}

/** Finds a tool on PATH if it is new enough, else our own in the cache. Changes nothing. */
export async function findTool(name: ToolName, options: ToolOptions): Promise<Result<Tool>> {
  const { env, run, signal, onNotice } = options
  const pin = (options.pins ?? toolPins)[name]
  const onPath = await findOnPath(name, env)
  let refusal: string | undefined
  if (onPath !== undefined) {
    const spoken = await askVersion(run, name, onPath, { env, signal })
    if (signal?.aborted) return failure(interrupted(name))
    const { version, words } = spoken
    if (version !== undefined && isNewEnough(version, pin.minimum)) {
      return success({ name, path: onPath, version, origin: 'path' })
    }
    refusal =
      version === undefined
        ? `${name} at ${onPath} does not report its version ("${words}")`
        : `${name} ${version} at ${onPath} is older than ${pin.minimum}`
    onNotice?.(`${refusal}; ecr-airlift uses its own ${pin.version}`)
  }
  const place = placeOfTool(name, options)
  if (await isOwnExecutable(place)) return success(ownTool(name, pin.version, place, 'cache'))
  return failure({
    kind: refusal === undefined ? 'tool-missing' : 'tool-outdated',
    side: 'local',
    message: refusal ?? `${name} is not on PATH`,
    next: 'run npx tsx scripts/install-tools.ts',
  })
}

/** Finds a tool or installs the pinned version, from its release archive, else by building it with go. */
export async function prepareTool(name: ToolName, options: ToolOptions): Promise<Result<Tool>> {
  const found = await findTool(name, options)
  if (found.ok || found.problem.kind === 'interrupted') return found
  const place = placeOfTool(name, options)
  const { signal, onNotice } = options
  const onWait = () => onNotice?.(`waiting for another process to install ${name}`)
  try {
    return await withLock(place, { signal, onWait }, async () => {
      const { version } = (options.pins ?? toolPins)[name]
      // Another process may have installed it while this one waited.
      if (await isOwnExecutable(place)) return success(ownTool(name, version, place, 'cache'))
      return withStage(place, (stage) => installTool(name, place, stage, found.problem, options))
    })
  } catch (error) {
    if (signal?.aborted) return failure(interrupted(name))
    const words = error instanceof Error ? error.message : String(error)
    return failure({
      kind: 'unknown',
      side: 'local',
      message: `cannot install ${name} in "${place.folder}": ${words}`,
      next: 'make this folder writable, or set ECR_AIRLIFT_CACHE to a writable one',
    })
  }
}

/** Prepares all tools at once. Throws `ProblemError` with a problem for each one that is not available. */
export async function prepareTools(
  options: ToolOptions,
): Promise<Readonly<Record<ToolName, Tool>>> {
  const http = options.http ?? createHttp({ env: options.env })
  const prepare = (name: ToolName) => prepareTool(name, { ...options, http })
  const [crane, helm] = await Promise.all([prepare('crane'), prepare('helm')])
  if (crane.ok && helm.ok) return { crane: crane.value, helm: helm.value }
  throw new ProblemError([crane, helm].flatMap((result) => (result.ok ? [] : [result.problem])))
}

async function installTool(
  name: ToolName,
  place: ToolPlace,
  stage: string,
  missing: Problem,
  options: ToolOptions,
): Promise<Result<Tool>> {
  const { env, run, signal, onNotice } = options
  const pin = (options.pins ?? toolPins)[name]
  const archive = pin.archives[platformOf(options)]
  const causes = missing.kind === 'tool-outdated' ? [missing.message] : []
  const ways = {
    async download(target: string): Promise<Result<void>> {
      if (archive === undefined) {
        const message = `no release archive for ${platformOf(options)}`
        return failure({ kind: 'not-found', side: 'local', message })
      }
      onNotice?.(`downloading ${name} ${pin.version} from ${new URL(archive.url).host}`)
      const http = options.http ?? createHttp({ env })
      return fetchFromArchive(archive, stage, target, { http, signal })
    },
    go: (target: string) =>
      buildWithGo(pin, target, {
        env,
        run,
        signal,
        onStart: () =>
          onNotice?.(
            `${causes.at(-1)}; building ${name} ${pin.version} with go, which takes a minute or two`,
          ),
      }),
  }
  for (const origin of ['download', 'go'] as const) {
    const ready = join(stage, origin)
    await mkdir(ready, { mode: 0o755 })
    const target = join(ready, name)
    const made = await ways[origin](target)
    const checked = made.ok ? await checkRuns(name, target, options) : made
    if (signal?.aborted) return failure(interrupted(name))
    if (checked.ok) {
      await publish(ready, place)
      return success(ownTool(name, pin.version, place, origin))
    }
    // A manipulated archive must be reported, not hidden by another installation method.
    if (checked.problem.kind === 'checksum-mismatch') return checked
    causes.push(checked.problem.message)
  }
  return failure({
    kind: 'tool-missing',
    side: 'local',
    message: `cannot install ${name} ${pin.version}: ${causes.join('; ')}`,
    next: [
      'do one of the following, then rerun the same command:',
      `- add ${name} ${pin.minimum} or newer to PATH`,
      ...(archive ? [`- allow access to ${archive.url} (set HTTPS_PROXY to use a proxy)`] : []),
      `- install go ${pin.goMinimum} or newer, to build it with: go install ${pin.goPackage}`,
    ].join('\n'),
  })
}

/** Makes a new file executable and runs it once: it may need another libc, or the disk may be mounted `noexec`. */
async function checkRuns(
  name: ToolName,
  path: string,
  { run, env, signal }: ToolOptions,
): Promise<Result<void>> {
  await chmod(path, 0o755)
  const { version, words } = await askVersion(run, name, path, { env, signal })
  if (version !== undefined) return success(undefined)
  const message = `the new ${name} cannot run on this machine: ${words}`
  return failure({ kind: 'unknown', side: 'local', message })
}

function placeOfTool(name: ToolName, options: ToolOptions): ToolPlace {
  const { version } = (options.pins ?? toolPins)[name]
  return toolFolder(options.env, name, version, platformOf(options))
}

function platformOf({ platform }: ToolOptions): string {
  return platform ?? `${process.platform}-${process.arch}`
}

function ownTool(
  name: ToolName,
  version: string,
  { path }: ToolPlace,
  origin: Tool['origin'],
): Tool {
  return { name, path, version, origin }
}

function interrupted(name: ToolName): Problem {
  return { kind: 'interrupted', side: 'local', message: `interrupted while preparing ${name}` }
}
