import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { type AddonChart, addonCharts } from '../support/charts/addon-charts.ts'
import {
  type AddonsDesk,
  addonsText,
  destinationsOf,
  digestOf,
  openAddonsDesk,
  ownValues,
  readReport,
  renderedImages,
  startAddons,
} from '../support/charts/addons.ts'
import { logIn } from '../support/bootstrap/login.ts'
import { readRepository } from '../support/repositories.ts'
import { digestAt, writes } from '../support/stores.ts'
import { helm } from '../support/tools.ts'
import type { World } from '../support/world.ts'

// One add-ons file, synced once. The tests check the registry and the folder, in this order.
let world: World
let desk: AddonsDesk
let cold: ScriptResult

const names = Object.keys(addonCharts) as (keyof typeof addonCharts)[]
const command = ['--values', './values.yaml', '--push-images', '--include-dependencies']

beforeAll(async () => {
  world = await startAddons()
  desk = await openAddonsDesk(world, 'desk')
  await desk.write('values.yaml', addonsText)
  cold = await desk.sync([...command, '--output', 'json'])
  await logIn(world)
})
afterAll(() => world.close())

const needsOf = (name: keyof typeof addonCharts) => {
  const { needs }: AddonChart = addonCharts[name]
  return needs === undefined ? [] : ['--set', needs]
}
const versionOf = (name: keyof typeof addonCharts) => {
  const { files }: AddonChart = addonCharts[name]
  return String(parse(files['Chart.yaml'] ?? '').version)
}

describe('a cold run', () => {
  test('pushes every add-on of the file, proven, and reports incomplete entries', () => {
    expect(cold.code, cold.stderr).toBe(0)
    const { addons, incomplete } = readReport(cold)
    expect(addons).toHaveLength(23)
    const others = addons.filter(({ status, proof }) => status !== 'pushed' || proof !== 'proven')
    // Definitions only, and plugins that the catalog of operators does not list: both are questions.
    expect(others.map(({ release, status, proof }) => [release, status, proof])).toEqual([
      ['karpenter-crd', 'pushed', 'proven, 1 open question'],
      ['velero', 'pushed', 'proven, 1 open question'],
    ])
    expect(incomplete).toEqual([
      {
        path: 'addons.readme',
        reason:
          'it points to the path "charts/readme" in "https://github.com/example/gitops", not to a chart',
      },
      { path: 'addons.broken', reason: 'chart "broken" has no repository' },
    ])
    expect(cold.stderr).toContain('! skipped addons.broken: chart "broken" has no repository\n')
  })

  test('logs the dependencies of each chart', () => {
    expect(cold.stderr).toContain(
      'argo-cd 7.8.0\n└─ redis-ha 4.29.4 (if redis-ha.enabled, from https://dandydeveloper.github.io/charts/)\n',
    )
    expect(cold.stderr).toContain('nested-subcharts 0.1.0\n└─ middle 0.1.0\n   └─ inner 0.1.0\n')
  })

  test('puts images at <chart>/<image name>:<tag> with the digest of the source, and nothing else', async () => {
    const all = names.flatMap((name) => [...destinationsOf(name)])
    const pairs = await Promise.all(
      all.map(async ([source, place]) => [
        source,
        await digestOf(world, `${world.registry}/${place}`),
        await digestOf(world, source),
      ]),
    )
    expect(pairs.filter(([, copy, original]) => copy !== original)).toEqual([])
    const repositories = all.map(([, place]) => place.slice(0, place.lastIndexOf(':')))
    expect(world.sandbox.ecrRepositories()).toEqual(
      [...new Set([...repositories, ...names])].toSorted(),
    )
  })

  test('tags every repository that it creates', async () => {
    const tags = await Promise.all(
      world.sandbox
        .ecrRepositories()
        .map(async (repository) => (await readRepository(world, repository)).tags),
    )
    expect(tags.length).toBeGreaterThan(50)
    expect(tags.filter((one) => one['chart-syncer'] !== 'true')).toEqual([])
  })

  test('leaves archive, folder and snippet of every chart', async () => {
    for (const name of names) {
      const folder = desk.at(join('helm-charts', name))
      await access(join(folder, `${name}-${versionOf(name)}.tgz`))
      await access(join(folder, name, 'Chart.yaml'))
      await access(join(folder, 'values.yaml'))
    }
  })

  test('names the leaves with which an add-on would override the private defaults', () => {
    const overrides = Object.fromEntries(
      readReport(cold).addons.map(({ release, overrides: leaves }) => [release, leaves]),
    )
    expect(overrides['grafana']).toEqual(['image.repository'])
    expect(overrides['monitoring']).toEqual(['grafana.image.repository'])
    expect(overrides['argocd']).toEqual([])
  })
})

describe('the repacked charts in the registry', () => {
  test.for(names)('%s is private by itself, and with its values and the snippet', async (name) => {
    const version = versionOf(name)
    const folder = await world.folderOf(`back-${name}`)
    const address = `oci://${world.registry}/${name}`
    const pulled = await world.tool(helm, 'pull', address, '--version', version, '-d', folder)
    expect(pulled.ok, pulled.stderr).toBe(true)
    const archive = join(folder, `${name}-${version}.tgz`)

    const places = new Set([...destinationsOf(name).values()].map((p) => `${world.registry}/${p}`))
    const bare = await renderedImages(world, archive, needsOf(name))
    expect(bare.filter((image) => !places.has(image))).toEqual([])

    const snippet = ['-f', desk.at(join('helm-charts', name, 'values.yaml'))]
    const releases = readReport(cold).addons.filter(({ chart }) => chart === name)
    expect(releases.length).toBeGreaterThan(0)
    const seen = new Set(bare)
    for (const { release } of releases) {
      const own = await world.write(`own-${release}.json`, JSON.stringify(ownValues[release] ?? {}))
      const flags = ['-f', own, ...snippet, ...needsOf(name)]
      const images = await renderedImages(world, archive, flags)
      expect(images.filter((image) => !places.has(image))).toEqual([])
      for (const image of images) seen.add(image)
    }
    expect([...seen].toSorted()).toEqual([...places].toSorted())
  })
})

describe('a second run', () => {
  test('pushes nothing', async () => {
    world.sandbox.resetCounters()
    const again = await desk.sync([...command, '--output', 'json'])
    expect(again.code, again.stderr).toBe(0)
    const { addons } = readReport(again)
    expect(addons.filter(({ status }) => status !== 'already present')).toEqual([])
    expect(writes(world.sandbox)).toBe(0)
  })

  test('on another machine creates the same archives', async () => {
    const before = names.map((name) =>
      digestAt(world.sandbox, { repository: name, tag: versionOf(name) }),
    )
    const other = await openAddonsDesk(world, 'other-desk')
    await other.write('values.yaml', addonsText)
    const env = { ECR_AIRLIFT_CACHE: await world.folderOf('other-cache'), TZ: 'Asia/Tokyo' }
    const again = await other.sync([...command, '--existing', 'verify', '--output', 'json'], env)
    expect(again.code, again.stderr).toBe(0)
    const { addons } = readReport(again)
    expect(addons.filter(({ status }) => status !== 'already present')).toEqual([])
    const after = names.map((name) =>
      digestAt(world.sandbox, { repository: name, tag: versionOf(name) }),
    )
    expect(after).toEqual(before)
  })
})
