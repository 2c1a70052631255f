import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { Manifest } from '../../../../scripts/lib/model/manifest/manifest.ts'
import { loadManifest } from '../../../../scripts/lib/sources/manifest/file.ts'
import { storeGzip, writeTar } from '../../../../scripts/sandbox/content/archive.ts'
import type { ScriptResult } from '../../../unit/support/run-script.ts'
import { helm, toolPath } from '../tools.ts'
import { type RunSettings, startWorld, type World, type WorldOptions } from '../world.ts'

const standIns = resolve(import.meta.dirname, '../../../../scripts/sandbox/charts')

/** Files of a chart by their paths. */
export type ChartText = Readonly<Record<string, string>>

/** A chart with where it is published. */
export interface Published {
  readonly repository: string
  readonly files: ChartText
}

/** Returns the files of a stand-in chart of the sandbox, with changes. */
export function standIn(
  name: string,
  changes: Readonly<Record<string, (text: string) => string>> = {},
): ChartText {
  const folder = join(standIns, name)
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const strangers = Object.keys(changes).filter((path) => !paths.includes(path))
  if (strangers.length > 0) throw new Error(`${name} has no ${strangers.join(', ')}`)
  return Object.fromEntries(
    paths.map((path) => {
      const text = readFileSync(join(folder, path), 'utf8')
      const changed = changes[path]?.(text) ?? text
      if (changes[path] !== undefined && changed === text) throw new Error(`${path} is unchanged`)
      return [path, changed]
    }),
  )
}

/** Returns a Chart.yaml and the files next to it. */
export function chartText(
  name: string,
  version: string,
  files: ChartText,
  appVersion = version,
): ChartText {
  return {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: '${appVersion}'\n`,
    ...files,
  }
}

/** A Deployment with containers, as a template. */
export function deployment(name: string, images: readonly string[]): string {
  const containers = images.map(
    (image, index) => `        - { name: c${index}, image: ${image} }\n`,
  )
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
${containers.join('')}`
}

/** Writes the files of a chart into a folder. */
export async function writeChart(folder: string, files: ChartText): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

interface Identity {
  readonly name: string
  readonly version: string
}

function identityOf(files: ChartText): Identity {
  return parse(files['Chart.yaml'] ?? '') as Identity
}

/** The archive of a chart folder; paths in it begin with the folder's name. */
export async function packFolder(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  // helm reads the first Chart.yaml in the archive.
  const sorted = paths.toSorted(
    (a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1),
  )
  const files = await Promise.all(
    sorted.map(async (path) => ({
      path: `${basename(folder)}/${path.slice(folder.length + 1)}`,
      content: await readFile(path),
    })),
  )
  return storeGzip(writeTar(files))
}

/** A world whose repositories publish only these charts, and whose registries have these images. */
export async function startPublished(
  charts: readonly Published[],
  images: readonly string[] = [],
  sandbox: WorldOptions['sandbox'] = {},
): Promise<World> {
  const chartsDir = await mkdtemp(join(tmpdir(), 'airlift-published-'))
  try {
    for (const { repository, files } of charts) {
      const folder = join(chartsDir, repository.replace(/^\w+:\/\//, ''))
      const { name, version } = identityOf(files)
      const entries = Object.entries(files).map(([path, text]) => ({
        path: `${name}/${path}`,
        content: Buffer.from(text),
      }))
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, `${name}-${version}.tgz`), storeGzip(writeTar(entries)))
    }
    const requests = charts.map(({ repository, files }) => ({ repository, ...identityOf(files) }))
    // Published charts are read when the sandbox starts.
    return await startWorld({
      charts: [],
      sandbox: { ...sandbox, images, charts: requests, chartsDir },
    })
  } finally {
    await rm(chartsDir, { recursive: true, force: true })
  }
}

/** A chart list and the manifest generated from it, in a separate folder, with the commands for both. */
export interface Desk {
  readonly folder: string
  readonly listFile: string
  readonly manifestFile: string
  readonly lockFile: string
  readonly regenerate: (args?: readonly string[], settings?: RunSettings) => Promise<ScriptResult>
  readonly values: (args?: readonly string[]) => Promise<ScriptResult>
  /** Mirrors the items of the manifest, with its lock. */
  readonly mirror: (args?: readonly string[]) => Promise<ScriptResult>
  readonly verify: (args?: readonly string[], settings?: RunSettings) => Promise<ScriptResult>
  readonly readList: () => Promise<string>
  readonly writeList: (text: string) => Promise<void>
  readonly readModule: () => Promise<string>
  readonly manifest: () => Promise<Manifest>
  /** Returns the helm commands since the last call: `template`, `pull`… */
  readonly helmCalls: () => Promise<string[]>
}

/** Lays a chart list on a desk in a world. Another world may work at the same desk, with caches of its own. */
export async function openDesk(world: World, list: string, name = 'desk'): Promise<Desk> {
  const folder = await world.folderOf(name)
  const listFile = await world.write(`${name}/charts.yaml`, list)
  return deskIn(world, folder, listFile)
}

export async function deskIn(world: World, folder: string, listFile: string): Promise<Desk> {
  const manifestFile = join(folder, 'manifest.ts')
  const cache = await world.folderOf('cache')
  const spy = await spyOnHelm(world, `${basename(folder)}-helm`)
  const own = { ECR_AIRLIFT_CACHE: cache, PATH: `${spy.folder}:${toolPath}` }
  const script = (file: string, args: readonly string[], { env }: RunSettings = {}) =>
    world.script(file, args, { env: { ...own, ...env } })
  const files = ['--list', listFile, '--manifest', manifestFile]
  return {
    folder,
    listFile,
    manifestFile,
    lockFile: join(folder, 'private-ecr-lock.json'),
    regenerate: (args = [], settings) =>
      script('regenerate-manifest.ts', [...files, ...args], settings),
    values: (args = []) =>
      script('generate-private-ecr-values.ts', [
        world.registry,
        '--manifest',
        manifestFile,
        ...args,
      ]),
    mirror: (args = []) =>
      script('mirror-to-ecr.ts', [
        world.registry,
        '--manifest',
        manifestFile,
        '--state-dir',
        join(folder, 'state'),
        ...args,
      ]),
    verify: (args = [], settings) =>
      script('verify-private-values.ts', [world.registry, ...files, ...args], settings),
    readList: () => readFile(listFile, 'utf8'),
    writeList: (text) => writeFile(listFile, text),
    readModule: () => readFile(manifestFile, 'utf8'),
    manifest: () => loadManifest(manifestFile),
    helmCalls: spy.calls,
  }
}

/** The real helm, which records its calls. */
async function spyOnHelm(world: World, name: string) {
  const folder = await world.folderOf(name)
  const log = join(folder, 'calls')
  // Renders of the chart by which helm reads documents are told apart.
  const note = `case "$*" in *'-- reading '*) echo read;; *) echo "$1";; esac >> '${log}'`
  const text = `#!/bin/sh\n${note}\nexec '${helm}' "$@"\n`
  await writeFile(join(folder, 'helm'), text, { mode: 0o755 })
  const calls = async () => {
    const lines = await readFile(log, 'utf8').catch(() => '')
    await rm(log, { force: true })
    return lines.split('\n').filter((line) => line !== '' && line !== 'version')
  }
  return { folder, calls }
}
