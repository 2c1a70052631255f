import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { type Desk, openDesk } from '../support/charts/published.ts'
import { helm } from '../support/tools.ts'
import {
  accountValues,
  dashboardsFolder,
  ownImages,
  ownLiteral,
  publishedImages,
  publishedImageValues,
  startUmbrella,
  type UmbrellaChart,
  umbrellaCharts,
  umbrellaFolder,
  umbrellaImages,
  umbrellaName,
  valuesEks,
} from '../support/charts/umbrella-charts.ts'
import type { World } from '../support/world.ts'

let world: World
let desk: Desk
let result: ScriptResult
/** The values that it is installed with on EKS. */
let installed: string[]

beforeAll(async () => {
  world = await startUmbrella({ versions: ['2.6.0'] })
  desk = await openDesk(world, 'charts: []\n')
  const account = await world.write('account.yaml', accountValues)
  installed = ['-f', valuesEks, '-f', account]
  result = await desk.regenerate(['--from', umbrellaFolder, ...installed])
})
afterAll(() => world.close())

/** The references of the manifest, by the chart that renders them. */
async function referencesOf(chart: string): Promise<string[]> {
  const { images } = await desk.manifest()
  return images
    .filter(({ found }) => found.some((place) => place.chart === chart))
    .map(({ reference }) => reference)
}

describe('the umbrella chart of the fixtures', () => {
  test('passes helm lint', async () => {
    const lint = await world.tool(helm, 'lint', '--strict', umbrellaFolder, ...installed)
    expect(lint.ok, lint.stdout).toBe(true)
    const local = await world.tool(helm, 'template', 'ma', umbrellaFolder)
    expect(local.ok, local.stderr).toBe(true)
    expect(local.stdout).not.toContain('name: aws-metadata')
    const eks = await world.tool(helm, 'template', 'ma', umbrellaFolder, ...installed)
    expect(eks.ok, eks.stderr).toBe(true)
    expect(eks.stdout).toContain('AWS_REGION: "us-east-2"')
  })

  test('does not render for EKS without a region and an account', async () => {
    const { ok, stderr } = await world.tool(helm, 'template', umbrellaFolder, '-f', valuesEks)
    expect(ok).toBe(false)
    expect(stderr).toMatch(/aws\.(?:region|account) is needed/)
  })

  test('points to all its listed images, and to no others', async () => {
    expect(result.code, result.stderr).toBe(1)
    const { images, charts } = await desk.manifest()
    expect(images.map(({ reference }) => reference)).toEqual(umbrellaImages)
    expect(charts.map(({ name }) => name)).toEqual(Object.keys(umbrellaCharts))
  })

  const children: [string, UmbrellaChart][] = Object.entries(umbrellaCharts)
  test.each(children)(
    'renders the images of %s with the values given there',
    async (name, chart) => {
      expect((await referencesOf(name)).toSorted()).toEqual(chart.images.toSorted())
    },
  )

  test('has its own images', async () => {
    expect((await referencesOf(umbrellaName)).toSorted()).toEqual(ownImages.toSorted())
  })

  test('has images in its templates that no value reaches, like one of its charts', () => {
    const unreached = children.flatMap(([name, { literal = [] }]) =>
      literal.map((image) => `${name}: ${image}`),
    )
    const expected = [...unreached, ...ownLiteral.map((image) => `${umbrellaName}: ${image}`)]
    const said = result.stderr.match(/^! .*(?= stays public)/gm)
    expect(said?.toSorted()).toEqual(expected.map((line) => `! ${line}`).toSorted())
  })

  test('uses published images if its values name them', async () => {
    const file = await world.write('images.yaml', publishedImageValues('2.6.0'))
    const args = ['template', 'ma', umbrellaFolder, ...installed, '-f', file]
    const { ok, stdout, stderr } = await world.tool(helm, ...args)
    expect(ok, stderr).toBe(true)
    expect(stdout).not.toContain('migrations/capture_proxy')
    for (const image of Object.values(publishedImages('2.6.0'))) expect(stdout).toContain(image)
  })
})

describe('the dashboards of the fixtures', () => {
  test.each(['capture-replay', 'reindex-from-snapshot'])('%s is JSON', async (name) => {
    const text = await readFile(join(dashboardsFolder, `${name}-dashboard.json`), 'utf8')
    expect(JSON.parse(text)).toHaveProperty('widgets')
  })
})
