import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure, type Measured } from './measure.ts'
import { environmentOf, projectFolder, type Session } from './world/session.ts'
import { medianOf } from './report/statistics.ts'
import { startWorld, type World } from './world/world.ts'
import type { Curves, Point } from './report/results.ts'

const planSizes = [10, 100, 1_000, 10_000]
const mirrorSizes = [10, 50, 100, 200, 500]
const largest = 10_000
const repetitions = 3

/** Sources of the synthetic images: several, so that no host's limits decide. Docker Hub admits too few pulls. */
const sources = ['quay.io', 'ghcr.io', 'mcr.microsoft.com', 'registry.k8s.io', 'gcr.io']

/** Measures plans of up to 10,000 images and mirrors of up to 500, on a sandbox of their own with small images. */
export async function measureCurves(
  session: Session,
  latency: number,
  onNotice: (text: string) => void,
): Promise<Curves> {
  const images = syntheticImages(largest)
  const world = await startWorld({ images, charts: [], scale: 0.01, baseScale: 1, latency })
  const folder = await mkdtemp(join(tmpdir(), 'ecr-airlift-scale-'))
  try {
    const bench = await openBench({ ...session, world }, folder)
    const help = await bench.run(['--help'])
    const startSeconds = help.seconds
    const curve = async (
      name: string,
      sizes: readonly number[],
      measureOne: (size: number) => Promise<Point>,
    ) => {
      const points: Point[] = []
      for (const size of sizes) {
        const point = await measureOne(size)
        onNotice(`${name} of ${size} images: ${point.seconds.toFixed(2)} s`)
        points.push(point)
      }
      return points
    }
    const beyond = ({ peakBytes }: Measured) =>
      peakBytes === undefined ? {} : { bytes: Math.max(0, peakBytes - (help.peakBytes ?? 0)) }

    const pointOf = async (size: number, made: boolean, args: readonly string[], times: number) => {
      const runs: (Measured & { requests: number })[] = []
      for (let turn = 0; turn < times; turn += 1) {
        const repositories = made ? images.slice(0, size).map(repositoryOf) : []
        await world.ask('renew', {}, repositories)
        runs.push(await bench.mirror(images.slice(0, size), args))
      }
      const [first] = runs.toSorted((a, b) => a.seconds - b.seconds)
      if (first === undefined) throw new Error('nothing was run')
      const seconds = medianOf(runs.map((one) => one.seconds)) ?? first.seconds
      return { images: size, seconds, ...beyond(first), requests: first.requests }
    }
    const planArgs = ['--plan', '--output', 'json']
    return {
      startSeconds,
      plan: await curve('plan', planSizes, (size) => pointOf(size, false, planArgs, repetitions)),
      planPresent: await curve('plan with all repositories', planSizes, (size) =>
        pointOf(size, true, planArgs, 1),
      ),
      mirror: await curve('mirror', mirrorSizes, (size) => pointOf(size, false, [], 1)),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await world.close()
  }
}

function syntheticImages(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const host = sources[index % sources.length] ?? ''
    return `${host}/synthetic/image-${String(index).padStart(5, '0')}:v1`
  })
}

function repositoryOf(reference: string): string {
  return `mirrored/${reference.replace(/:v1$/, '')}`
}

/** The kit's mirror command, in one environment. Throws when a run fails, since its time would mean nothing. */
async function openBench(session: Session & { readonly world: World }, folder: string) {
  const { world, logFolder, signal } = session
  const env = await environmentOf(session, { kind: 'kit' }, folder)
  const log = join(logFolder, 'scale.log')
  const run = async (args: readonly string[]): Promise<Measured> => {
    const command = ['--import', 'tsx', 'scripts/mirror-to-ecr.ts', ...args]
    const job = { tool: process.execPath, args: command, env, cwd: projectFolder, log }
    const measured = await measure(job, signal)
    if (measured.exitCode !== 0) throw new Error(`a run failed; its output is in ${log}`)
    return measured
  }
  return {
    run,
    async mirror(images: readonly string[], args: readonly string[]) {
      const manifestFile = join(folder, 'manifest.json')
      await writeFile(manifestFile, manifestOf(images))
      const places = ['--manifest', manifestFile, '--state-dir', join(folder, 'state')]
      await world.ask('resetCounters')
      const measured = await run([world.registryHost, ...places, ...args])
      const { hosts } = await world.ask('seen')
      const requests = Object.entries(hosts)
        .filter(([host]) => host.endsWith('.amazonaws.com'))
        .reduce((sum, [, counted]) => sum + counted.requests, 0)
      return { ...measured, requests }
    },
  }
}

function manifestOf(images: readonly string[]): string {
  const input = `sha256:${'0'.repeat(64)}`
  const entries = images.map((reference) => ({ reference, charts: [], found: [] }))
  return JSON.stringify({ input, charts: [], images: entries, relocation: {} })
}
