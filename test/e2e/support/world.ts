import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test as baseTest } from 'vitest'
import { type Manifest, publishedVersion } from '../../../scripts/lib/model/manifest/manifest.ts'
import { loadManifest } from '../../../scripts/lib/sources/manifest/file.ts'
import { run, type RunResult } from '../../../scripts/lib/tools/process/exec.ts'
import { findOnPath } from '../../../scripts/lib/tools/install/cache.ts'
import {
  type DoublesOptions,
  type SandboxWithDoubles,
  startDoubles,
} from '../../doubles/doubles.ts'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { type Running, startRunning } from './running.ts'
import { toolPath } from './tools.ts'

const projectFolder = resolve(import.meta.dirname, '../../..')

/** Layers have a few kilobytes: the tests check behavior, not speed. */
const scale = 0.02

export interface WorldOptions {
  /**
   * Charts of the project's manifest, with their images; the whole manifest if neither these nor `images` are given.
   */
  readonly charts?: readonly string[]
  /** Images of the project's manifest instead of those of the charts. */
  readonly images?: readonly string[]
  readonly sandbox?: Partial<DoublesOptions>
}

export interface RunSettings {
  /** Replaces or, where undefined, removes variables. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The working folder; the project's folder if omitted. */
  readonly cwd?: string
}

/** A sandbox, a manifest of its content, and a separate home for every child process. */
export interface World {
  readonly sandbox: SandboxWithDoubles
  readonly registry: string
  readonly manifest: Manifest
  readonly manifestFile: string
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  /** Runs `mirror-to-ecr` for this registry and manifest, as a user would. */
  readonly mirror: (args?: readonly string[], settings?: RunSettings) => Promise<ScriptResult>
  readonly startMirror: (args?: readonly string[], settings?: RunSettings) => Running
  /** Starts an entry; `script` waits until it ends. */
  readonly start: (name: string, args: readonly string[], settings?: RunSettings) => Running
  readonly script: (
    name: string,
    args: readonly string[],
    settings?: RunSettings,
  ) => Promise<ScriptResult>
  /** Runs an unmodified client, by its path or its name, in the sandbox's environment. */
  readonly tool: (tool: string, ...args: readonly string[]) => Promise<RunResult>
  /** Writes a file into the world's folder and returns its path. */
  readonly write: (name: string, content: string) => Promise<string>
  readonly folderOf: (name: string) => Promise<string>
  /** Returns the files that runs have left in the folder for temporary files. */
  readonly leftovers: () => Promise<string[]>
  readonly close: () => Promise<void>
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const manifest = selectManifest(await loadManifest(), options)
  const sandbox = await startDoubles({
    images: manifest.images.map(({ reference }) => reference),
    charts: manifest.charts.map((chart) => ({ ...chart, version: publishedVersion(chart) })),
    account: randomAccount(),
    scale,
    ...options.sandbox,
  })
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'airlift-e2e-')))
  const at = (name: string) => join(folder, name)
  for (const name of ['home', 'tmp']) await mkdir(at(name))
  const env = { PATH: toolPath, HOME: at('home'), TMPDIR: at('tmp'), ...sandbox.environment }
  const write = async (name: string, content: string) => {
    await writeFile(at(name), content)
    return at(name)
  }
  const manifestFile = await write('manifest.json', JSON.stringify(manifest, null, 2))
  const start = (name: string, args: readonly string[], settings: RunSettings = {}) =>
    startRunning(
      join(projectFolder, 'scripts', name),
      args,
      { ...env, ...settings.env },
      settings.cwd,
    )
  const startMirror: World['startMirror'] = (args = [], settings = {}) => {
    const own = [sandbox.registryHost, '--manifest', manifestFile, '--state-dir', at('state')]
    return start('mirror-to-ecr.ts', [...own, ...args], settings)
  }
  return {
    sandbox,
    registry: sandbox.registryHost,
    manifest,
    manifestFile,
    env,
    home: at('home'),
    startMirror,
    start,
    mirror: (args, settings) => startMirror(args, settings).result,
    script: (name, args, settings) => start(name, args, settings).result,
    async tool(name, ...args) {
      const tool = (await findOnPath(name, env)) ?? name
      return run({ tool, args }, { env, cwd: folder, deadline: 60_000 })
    },
    write,
    async folderOf(name) {
      await mkdir(at(name), { recursive: true })
      return at(name)
    },
    // tsx also keeps its cache of compiled scripts there.
    leftovers: async () => (await readdir(at('tmp'))).filter((name) => /airlift/.test(name)),
    async close() {
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function selectManifest(all: Manifest, { charts, images }: WorldOptions): Manifest {
  if (charts === undefined && images === undefined) return all
  const kept = all.charts.filter(({ name }) => charts?.includes(name))
  const names = new Set(kept.map(({ name }) => name))
  const unknown = [...(charts ?? []), ...(images ?? [])].filter(
    (name) => !names.has(name) && !all.images.some(({ reference }) => reference === name),
  )
  if (unknown.length > 0) throw new Error(`not in the manifest: ${unknown.join(', ')}`)
  return {
    ...all,
    charts: kept,
    images: all.images
      .filter(({ reference, charts: users }) =>
        images === undefined ? users.some((user) => names.has(user)) : images.includes(reference),
      )
      .map((image) => ({ ...image, charts: image.charts.filter((user) => names.has(user)) })),
    relocation: {},
  }
}

/** Each world has its own account and therefore its own registry name, which identifies its processes. */
function randomAccount(): string {
  return String(100_000_000_000 + Math.floor(Math.random() * 899_999_999_999))
}

/** Defines tests whose worlds are closed when they end, even if several run in parallel. */
export const test = baseTest.extend<{ world: (options?: WorldOptions) => Promise<World> }>({
  world: async ({ onTestFinished }, use) => {
    await use(async (options) => {
      const world = await startWorld(options)
      onTestFinished(world.close)
      return world
    })
  },
})
