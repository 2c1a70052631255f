import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import type { Context } from '../../scripts/lib/cli/main.ts'
import { type Manifest } from '../../scripts/lib/model/manifest/manifest.ts'
import { loadManifest } from '../../scripts/lib/sources/manifest/file.ts'
import { drawBars } from './pictures/bars.ts'
import { drawCurves } from './pictures/curves.ts'
import { learnLock } from './world/lock.ts'
import type { Mover } from './movers.ts'
import { countRenders } from './renders.ts'
import {
  type Conditions,
  isWell,
  type MoverInfo,
  type Results,
  type Run,
} from './report/results.ts'
import { planRounds } from './rounds.ts'
import { renderJson } from './report/json.ts'
import type { BenchFlags } from './flags.ts'
import { readSettings, type Settings } from './settings.ts'
import { measureCurves } from './scale.ts'
import { projectFolder, type Session } from './world/session.ts'
import { takeTurn } from './turn.ts'
import { measureStartup } from './startup.ts'
import { renderReport } from './report/report.ts'
import { type BenchTools, prepareBenchTools } from './world/tools.ts'
import { withOneChanged, workOf } from './world/work.ts'
import { startWorld, type World } from './world/world.ts'

const mebibyte = 1024 * 1024
const putImageRate = 10

/** Runs the bench and writes its results. Returns 1 when the kit, or in a quick bench any mover, has not moved everything. */
export async function runBench(flags: BenchFlags, context: Context): Promise<number> {
  const settings = readSettings(flags)
  const out = resolve(flags.out ?? join(projectFolder, '.cache/bench'))
  const logFolder = join(projectFolder, '.cache/bench/logs')
  await Promise.all([out, logFolder].map((folder) => mkdir(folder, { recursive: true })))
  const say = (text: string) => context.log(text)

  const { env, signal } = context
  const needs = new Set(settings.movers.flatMap((mover) => mover.needs))
  const tools = await prepareBenchTools(needs, env, signal, say)
  const manifest = await loadManifest()
  const world = await openWorld(settings, manifest)
  try {
    say('making everything that is to be moved')
    const sizes = await world.ask('stock', workOf(manifest))
    await world.ask('stock', workOf(withOneChanged(manifest)))
    const present = settings.movers.filter((mover) => absenceOf(mover, tools) === undefined)
    const unlocked = {
      world,
      tools,
      env,
      putImageRate,
      manifest,
      logFolder,
      signal,
      onRun: (one: Run) => say(lineOf(one)),
    }
    const learns = !settings.quick && present.some(({ mount }) => mount)
    if (learns) say('learning the lock')
    const session: Session = { ...unlocked, lock: learns ? await learnLock(unlocked) : undefined }
    let results: Results = {
      conditions: conditionsOf(settings, manifest, tools),
      sizes,
      movers: settings.movers.map((mover) => infoOf(mover, tools)),
      runs: await runRounds(session, present, settings),
    }
    await writeResults(out, results)
    // Each of them takes minutes, and must not cost what is known by then.
    for (const part of partsOf(session, settings, say)) {
      results = { ...results, ...(await part()) }
      await writeResults(out, results)
    }
    context.output(renderReport(results))
    say(`written to ${out}`)
    return isWell(results, settings.quick) ? 0 : 1
  } finally {
    await world.close()
  }
}

async function runRounds(
  session: Session,
  present: readonly Mover[],
  { rounds, scenarios }: Settings,
): Promise<Run[]> {
  const runs: Run[] = []
  const names = present.map(({ name }) => name)
  for (const turn of planRounds(rounds, names, scenarios)) {
    const mover = present.find(({ name }) => name === turn.mover)
    if (mover) runs.push(...(await takeTurn(session, mover, turn)))
  }
  return runs
}

/** What is measured beside the rounds. */
function partsOf(
  session: Session,
  { startup, curves, latency }: Settings,
  say: (text: string) => void,
): (() => Promise<Partial<Results>>)[] {
  const ofStartup = [
    async () => {
      const renders = await countRenders(session, say)
      return renders === undefined ? {} : { renders }
    },
    async () => ({ startup: await measureStartup(session, say) }),
  ]
  const ofCurves = [async () => ({ curves: await measureCurves(session, latency, say) })]
  return [...(startup ? ofStartup : []), ...(curves ? ofCurves : [])]
}

/** Both lists are on the shelves: the usual one, and the one with a new version. */
function openWorld(
  { scale, baseScale, latency, bandwidth }: Settings,
  manifest: Manifest,
): Promise<World> {
  const images = [manifest, withOneChanged(manifest)].flatMap((one) =>
    one.images.map(({ reference }) => reference),
  )
  return startWorld({
    images: [...new Set(images)],
    charts: workOf(manifest).charts,
    scale,
    baseScale,
    latency,
    ...(bandwidth > 0 && { bandwidth: bandwidth * mebibyte }),
  })
}

function absenceOf({ needs }: Mover, tools: BenchTools): string | undefined {
  return needs.flatMap((name) => {
    const tool = tools[name]
    return 'absence' in tool ? [tool.absence] : []
  })[0]
}

function infoOf(mover: Mover, tools: BenchTools): MoverInfo {
  const { name, about, kind } = mover
  const absence = absenceOf(mover, tools)
  return { name, about, kind, ...(absence !== undefined && { absence }) }
}

function conditionsOf(settings: Settings, manifest: Manifest, tools: BenchTools): Conditions {
  const versions = Object.entries(tools).flatMap(([name, tool]) =>
    'version' in tool ? [[name, tool.version]] : [],
  )
  return {
    images: manifest.images.length,
    charts: manifest.charts.length,
    scale: settings.scale,
    baseScale: settings.baseScale,
    latency: settings.latency,
    bandwidth: settings.bandwidth > 0 ? settings.bandwidth * mebibyte : null,
    putImageRate,
    rounds: settings.rounds,
    machine: `${process.platform} ${process.arch}, ${cpus().length} processors`,
    versions: { node: process.version, ...Object.fromEntries(versions) },
  }
}

function lineOf({
  round,
  mover,
  scenario,
  seconds,
  exitCode,
  faults,
  sandboxSeconds,
}: Run): string {
  const missing = faults.length > 0 ? `, ${faults.length} missing` : ''
  const code = exitCode === 0 ? '' : `, exit code ${exitCode}`
  const busy = `sandbox ${sandboxSeconds.toFixed(1)} s of processor time`
  return `round ${round + 1} ${mover} ${scenario}: ${seconds.toFixed(2)} s (${busy})${missing}${code}`
}

async function writeResults(folder: string, results: Results): Promise<void> {
  await writeFile(join(folder, 'results.json'), renderJson(results))
  await writeFile(join(folder, 'table.md'), renderReport(results))
  await writeFile(join(folder, 'bench.svg'), drawBars(results))
  if (results.curves) await writeFile(join(folder, 'scale.svg'), drawCurves(results.curves))
}
