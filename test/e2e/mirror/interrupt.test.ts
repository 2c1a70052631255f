import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { describe, expect } from 'vitest'
import { toolsOf } from '../support/processes.ts'
import { chartPlace, digestAt, faultsOfCopies, imagePlace, operations } from '../support/stores.ts'
import { crane, toolPath } from '../support/tools.ts'
import { test, type World } from '../support/world.ts'

// Interrupted runs, and the runs that finish their work.
const charts = ['kyverno', 'cert-manager', 'etcd-operator'] as const

interface Interruption {
  readonly when: string
  /** What stderr has shown by then, and how often. */
  readonly after: readonly [RegExp, number]
}

const moments: readonly Interruption[] = [
  { when: 'during the preflight', after: [/checking the sources of/, 1] },
  { when: 'while the first images are copied', after: [/\] copied /, 1] },
  { when: 'in the middle', after: [/\] copied /, 7] },
]

const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const

describe.concurrent('a run that gets', () => {
  const cases = signals.flatMap((signal) => moments.map((moment) => [signal, moment] as const))
  const named = cases.map(([signal, moment]) => [signal, moment.when, moment.after] as const)
  test.for(named)(
    '%s %s is finished by the next one',
    async ([signal, , after], { world: make, expect: own }) => {
      const world = await make({ charts })
      const running = world.startMirror(['--concurrency', '3'])
      await running.saw(...after)
      running.kill(signal)
      const { code, stderr, stdout } = await running.result
      if (signal === 'SIGKILL') expect(code).toBeNull()
      else {
        expect(code, stderr).toBe(130)
        expect(stdout + stderr).toMatch(/[Rr]erun the same command/)
        expect(stderr).not.toMatch(/this is a bug|error:/)
        expect(await world.leftovers()).toEqual([])
      }
      // Beside others that run at the same time only the test's own knows which test it is in.
      await own.poll(() => toolsOf(world), { timeout: 20_000 }).toEqual([])

      const finished = finishedRepositories(world)
      const missing = manifestsMissing(world)
      if (after[1] > 1) expect(finished.length).toBeGreaterThan(0)
      protect(world, finished)
      world.sandbox.resetCounters()
      const second = await world.mirror()
      expect(second.code, second.stderr).toBe(0)
      expect(itemsMissing(world)).toEqual([])
      // Children that the interrupted run had put already are not put again either.
      expect(operations(world.sandbox, 'aws')['manifestPut'] ?? 0).toBeLessThanOrEqual(missing)
      expect(await world.leftovers()).toEqual([])
    },
  )
})

/** A crane whose copies cannot be talked to for a while, so that the first signal does not end the run. */
async function deafCrane(world: World): Promise<{ folder: string; running: string }> {
  const folder = await world.folderOf('deaf')
  const running = join(folder, 'running')
  const deaf = `[ "$1" = copy ] && trap '' INT TERM && touch '${running}' && sleep 8 && exit 1`
  const file = await world.write('deaf/crane', `#!/bin/sh\n${deaf}\nexec '${crane}' "$@"\n`)
  await chmod(file, 0o755)
  return { folder, running }
}

test.concurrent(
  'a second signal ends a run at once, and without a trace',
  async ({ world: make, expect: own }) => {
    const world = await make({ charts: ['cert-manager'] })
    const deaf = await deafCrane(world)
    const running = world.startMirror([], {
      env: { PATH: [deaf.folder, toolPath].join(delimiter) },
    })
    await own.poll(() => existsSync(deaf.running), { timeout: 60_000 }).toBe(true)
    running.kill('SIGINT')
    await running.saw(/again to stop immediately/)
    // The same key press may arrive twice; what comes later was meant.
    await new Promise((resolve) => setTimeout(resolve, 150))
    running.kill('SIGINT')
    const { code } = await running.result
    expect(code).toBe(130)
    expect(await world.leftovers()).toEqual([])
    await own.poll(() => toolsOf(world), { timeout: 20_000 }).toEqual([])
  },
)

test.concurrent(
  'of two runs on one target the second names the first and changes nothing',
  async ({ world: make }) => {
    const world = await make({ charts: ['etcd-operator'] })
    const release = world.sandbox.addFault({
      host: 'ghcr.io',
      operation: 'manifestHead',
      effect: { latency: 15_000 },
    })
    const first = world.startMirror()
    await first.saw(/checking the sources of/)
    const second = await world.mirror()
    expect(second.code, second.stderr).toBe(3)
    expect(second.stderr).toContain('nothing was changed')
    expect(second.stderr).toMatch(
      /error: process \d+ on ".+", since .+ is already mirroring to this target/,
    )
    expect(second.stderr).toMatch(/→ wait until it ends; its lock is in "/)
    // Another prefix is another target.
    const other = await world.mirror(['--prefix', 'other', '--only', 'gcr.io/*'])
    expect(other.code, other.stderr).toBe(0)
    release()
    const { code, stderr } = await first.result
    expect(code, stderr).toBe(0)
    expect(itemsMissing(world)).toEqual([])
    expect((await world.mirror()).code).toBe(0)
  },
)

/** Where every item goes. */
function places(world: World) {
  return [
    ...world.manifest.images.map(({ reference }) => imagePlace(reference)),
    ...world.manifest.charts.map((chart) => chartPlace(chart)),
  ]
}

function itemsMissing(world: World): string[] {
  const references = world.manifest.images.map(({ reference }) => reference)
  const chartsMissing = world.manifest.charts
    .filter((chart) => digestAt(world.sandbox, chartPlace(chart)) === undefined)
    .map(({ name }) => `chart ${name}`)
  return [...faultsOfCopies(world.sandbox, references), ...chartsMissing]
}

/** Repositories to which nothing remains to be written. */
function finishedRepositories(world: World): string[] {
  const open = places(world)
    .filter((place) => digestAt(world.sandbox, place) === undefined)
    .map(({ repository }) => repository)
  const all = new Set(places(world).map(({ repository }) => repository))
  return [...all].filter((repository) => !open.includes(repository))
}

/** From now on every request to the data of these repositories fails, so that a run which makes one fails too. */
function protect(world: World, repositories: readonly string[]): void {
  for (const repository of repositories) {
    const path = new RegExp(`^/v2/${repository.replaceAll('.', String.raw`\.`)}/`)
    world.sandbox.addFault({ host: world.registry, path, effect: { status: 403 } })
  }
}

/** How many manifests a run has left to write: those of a whole image, indexes included, less what stands. */
function manifestsMissing(world: World): number {
  const images = world.manifest.images.flatMap(({ reference }) => {
    const { repository, tag } = imagePlace(reference)
    if (digestAt(world.sandbox, { repository, tag }) !== undefined) return []
    // An index that stands without its tag is put once more to give it one.
    return [manifestsOf(world, reference)]
  })
  // helm puts a chart's manifest by its digest first and then by its tag.
  const chartPuts = world.manifest.charts
    .filter((chart) => digestAt(world.sandbox, chartPlace(chart)) === undefined)
    .map(({ repository }) => (repository.startsWith('oci://') ? 1 : 2))
  return [...images, ...chartPuts].reduce((sum, count) => sum + count, 0)
}

/** Counted in a copy that the sandbox itself makes, in a repository beside the others. */
function manifestsOf(world: World, reference: string): number {
  const name = `counted/${imagePlace(reference).repository}`
  world.sandbox.putEcrImage(name, 'counted', reference)
  return world.sandbox.ecrImages(name)?.manifests.length ?? 0
}
