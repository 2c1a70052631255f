import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { compareText } from '../../../scripts/lib/model/collections.ts'
import {
  type AddonsDesk,
  digestOf,
  filesBelow,
  openAddonsDesk,
  readReport,
  renderedImages,
} from '../support/charts/addons.ts'
import { logIn } from '../support/bootstrap/login.ts'
import { startPublished } from '../support/charts/published.ts'
import { writes } from '../support/stores.ts'
import type { World } from '../support/world.ts'
import { described, images, published, repository } from './output-charts.ts'

// The files in the output folder, and the changes to a chart.
let world: World
let desk: AddonsDesk

beforeAll(async () => {
  world = await startPublished(published, images)
  desk = await openAddonsDesk(world, 'desk')
  await logIn(world)
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

type Wish = readonly [chart: string, version: string, release?: string, values?: object]
const list = async (wishes: readonly Wish[]) => {
  const addons = wishes.map(([chart, version, release = chart, values = {}]) => ({
    chart,
    repository,
    version,
    release,
    values,
  }))
  await desk.write('values.yaml', stringify({ addons }))
}
const sidecar = (tag: string) => ({
  extraContainers: [{ name: 'sidecar', image: `ghcr.io/example/sidecar:${tag}`, tty: true }],
})
const read = (...path: readonly string[]) => readFile(desk.at(join('helm-charts', ...path)), 'utf8')
const foreign = (found: readonly string[]) =>
  found.filter((image) => !image.startsWith(`${world.registry}/`))

describe('the repacked chart', () => {
  test('does not contain a list from the chart overrides with its other content', async () => {
    await list([['described', '1.0.0']])
    const extraContainers = [
      { name: 'sidecar', image: 'ghcr.io/example/sidecar:0.4.0', env: [{ value: 'hunter2' }] },
    ]
    const overrides = { described: { extraContainers } }
    await desk.write('mine.yaml', stringify({ overrides }))
    const { code, stderr } = await desk.sync(['--scan-only', '--chart-overrides', 'mine.yaml'])
    expect(code, stderr).toBe(0)
    expect(await read('described', 'described', 'values.yaml')).not.toContain('hunter2')
    expect(stderr).toContain('the repacked chart does not contain extraContainers')
    expect(await read('described', 'values.yaml')).toContain('hunter2')
  })

  test('keeps comments and layout, records its changes, and is the same unpacked as packed', async () => {
    await list([['described', '1.0.0']])
    const { code, stderr } = await desk.sync(['--scan-only'])
    expect(code, stderr).toBe(0)
    expect(await read('described', 'described', 'values.yaml')).toBe(`# How many.
replicas: 2

image:
  # Where it is pulled from.
  repository: "${world.registry}/described/app"   # quoted
  tag: 1.2.3
extraContainers: []   # more of them
`)
    expect(await read('described', 'described', 'templates', 'app.yaml')).toContain(
      `image: ${world.registry}/described/init:0.1.0 `,
    )
    expect(await read('described', 'described', 'README.md')).toBe(described['README.md'])
    const metadata = parse(await read('described', 'described', 'Chart.yaml'))
    expect(metadata.annotations).toEqual({
      'ecr-airlift/source-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      'ecr-airlift/changed': 'values.yaml, templates/app.yaml',
    })
    expect(metadata).toMatchObject({ name: 'described', version: '1.0.0', appVersion: '1.0.0' })
    for (const chart of ['described-1.0.0.tgz', 'described']) {
      const path = desk.at(join('helm-charts', 'described', chart))
      expect(foreign(await renderedImages(world, path))).toEqual([])
    }
    expect(await read('described', 'values.yaml')).toContain(
      '# docker.io/example/init:0.1.0 is hard-coded in a template and cannot be set with values: use the repacked chart.\n',
    )
  })

  test('is the same from run to run', async () => {
    const before = await filesBelow(desk.at('helm-charts/described'))
    const { code, stderr } = await desk.sync(['--scan-only', '--out', 'again'], {
      TZ: 'Asia/Tokyo',
    })
    expect(code, stderr).toBe(0)
    const after = await filesBelow(desk.at('again/described'))
    expect([...after.keys()]).toEqual([...before.keys()])
    expect(after).toEqual(before)
  })

  test('is proven although it generates a new secret each time', async () => {
    await list([['random', '0.1.0']])
    const { code, stdout, stderr } = await desk.sync(['--scan-only', '--no-check'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^random +random 0\.1\.0 +\d+ +proven +scanned$/m)
  })

  test('points to its images, even next to an unrendered one of the same name', async () => {
    await list([['dormant', '1.0.0']])
    const { code, stderr } = await desk.sync(['--push-images'])
    expect(code, stderr).toBe(0)
    const rendered = await renderedImages(world, desk.at('helm-charts/dormant/dormant'))
    expect(rendered).toHaveLength(1)
    for (const image of rendered) {
      expect(await digestOf(world, image)).toBe(
        world.sandbox.upstreamDigest('quay.io/example/app:1.2.3'),
      )
    }
  })
})

test('two versions of a chart have separate folders', async () => {
  await list([
    ['many', '1.0.0'],
    ['many', '2.0.0', 'newer'],
  ])
  const { code, stderr } = await desk.sync(['--scan-only', '--out', 'two'])
  expect(code, stderr).toBe(0)
  const files = [...(await filesBelow(desk.at('two'))).keys()]
  expect(files.filter((path) => /tgz$|\dvalues\.yaml$|\d\/values\.yaml$/.test(path))).toEqual([
    'many/1.0.0/many-1.0.0.tgz',
    'many/1.0.0/values.yaml',
    'many/2.0.0/many-2.0.0.tgz',
    'many/2.0.0/values.yaml',
  ])
})

describe('the snippet', () => {
  const chart = () => desk.at('helm-charts/described/described-1.0.0.tgz')
  const renderFor = async (release: string, own: object, snippet: string) => {
    const file = await world.write(`own-${release}.json`, JSON.stringify(own))
    return renderedImages(world, chart(), ['-f', file, '-f', snippet])
  }

  test('covers the containers that the only release adds', async () => {
    await list([['described', '1.0.0', 'blue', sidecar('0.4.0')]])
    const result = await desk.sync(['--scan-only', '--output', 'json'])
    expect(result.code, result.stderr).toBe(0)
    const [addon] = readReport(result).addons
    expect(addon).toMatchObject({
      proof: 'proven',
      overrides: ['extraContainers[0].image'],
    })
    const rendered = await renderFor('blue', sidecar('0.4.0'), addon?.snippet ?? '')
    const destinations = addon?.images.map(({ destination }) => destination) ?? []
    expect(destinations).toHaveLength(3)
    expect(rendered).toEqual(destinations.toSorted(compareText))
    expect(foreign(rendered)).toEqual([])
    // The chart itself switches nothing on.
    expect(await renderedImages(world, chart())).toHaveLength(2)
  })

  test('is separate for each release that would affect the others', async () => {
    const image = { image: { repository: 'quay.io/example/app' } }
    await list([
      ['described', '1.0.0', 'plain'],
      ['described', '1.0.0', 'image', image],
      ['described', '1.0.0', 'blue', sidecar('0.4.0')],
      ['described', '1.0.0', 'green', { ...image, ...sidecar('0.5.0') }],
    ])
    const result = await desk.sync(['--scan-only', '--output', 'json'])
    expect(result.code, result.stderr).toBe(0)
    const { addons } = readReport(result)
    const common = desk.at('helm-charts/described/values.yaml')
    expect(
      addons.map(({ release, proof, overrides, snippet }) => [release, proof, overrides, snippet]),
    ).toEqual([
      ['plain', 'proven', [], common],
      ['image', 'proven', ['image.repository'], common],
      [
        'blue',
        'proven',
        ['extraContainers[0].image'],
        desk.at('helm-charts/described/values-blue.yaml'),
      ],
      [
        'green',
        'proven',
        ['image.repository', 'extraContainers[0].image'],
        desk.at('helm-charts/described/values-green.yaml'),
      ],
    ])
    for (const [release, own, number] of [
      ['plain', {}, 2],
      ['image', image, 2],
      ['blue', sidecar('0.4.0'), 3],
      ['green', { ...image, ...sidecar('0.5.0') }, 3],
    ] as const) {
      const snippet = addons.find((one) => one.release === release)?.snippet ?? ''
      const rendered = await renderFor(release, own, snippet)
      expect(rendered, release).toHaveLength(number)
      expect(foreign(rendered), release).toEqual([])
    }
  })
})

describe('--exclude-dependencies', () => {
  test('leaves subcharts alone, neither found nor mirrored nor rewritten', async () => {
    await list([['shared', '1.0.0']])
    const result = await desk.sync(['--push-images', '--exclude-dependencies'])
    expect(result.code, result.stderr).toBe(0)
    expect(result.stdout).toMatch(
      /^shared +shared 1\.0\.0 +1 +proven without dependencies +pushed$/m,
    )
    const rendered = await renderedImages(world, desk.at('helm-charts/shared/shared'))
    expect(rendered).toEqual([`${world.registry}/shared/app:1.2.3`, 'ghcr.io/other/app:0.4.0'])
    expect(world.sandbox.ecrRepositories().filter((name) => name.startsWith('shared'))).toEqual([
      'shared',
      'shared/app',
    ])
  })

  test('does not push a chart that would point its dependencies to missing images', async () => {
    await list([['entangled', '1.0.0']])
    const result = await desk.sync(['--push-images', '--exclude-dependencies'])
    expect(result.code).toBe(1)
    expect(result.stdout).toMatch(/^entangled +entangled 1\.0\.0 +1 +unproven +unproven$/m)
    expect(result.stderr).toMatch(
      /error: chart entangled 1\.0\.0 is not proven and was not pushed: "quay\.io\/example\/tool:2\.0\.0" in a dependency would change to /,
    )
    expect(writes(world.sandbox)).toBe(0)
  })
})

test('repositories get the tags that are requested, and charts go where --layout says', async () => {
  await list([['many', '2.0.0']])
  const result = await desk.sync([
    '--layout',
    'mirrored',
    '--target-prefix',
    'team',
    '--repo-tag',
    'owner=a',
  ])
  expect(result.code, result.stderr).toBe(0)
  const created = ['team/charts/many', 'team/mirrored/quay.io/example/app']
  for (const name of created) {
    expect(world.sandbox.ecrRepositories()).toContain(name)
  }
})
