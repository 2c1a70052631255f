import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chartText,
  deployment,
  type Desk,
  openDesk,
  startPublished,
} from '../support/charts/published.ts'
import { writes } from '../support/stores.ts'
import type { World } from '../support/world.ts'

// A system without charts, only with direct images. The tests run in this order.
const cli = 'docker.io/amazon/aws-cli:2.25.11'
const pinned = 'quay.io/example/tool:1.0.0'
const list = `charts: []
direct:
  - { reference: 'amazon/aws-cli:2.25.11', reason: creates the bucket, leaves: { bucketImage: reference } }
  - { reference: '${pinned}', reason: run by hand }
`

const app = {
  repository: 'https://charts.example.com/stable',
  files: chartText('app', '1.0.0', {
    'values.yaml': `image: ${pinned}\n`,
    'templates/app.yaml': deployment('app', ['{{ .Values.image }}']),
  }),
}

let world: World
let desk: Desk
let empty: Desk

beforeAll(async () => {
  world = await startPublished([app], [cli, pinned])
  desk = await openDesk(world, list)
  empty = await openDesk(world, 'charts: []\n', 'empty')
})
afterAll(() => world.close())

test('the manifest is generated', async () => {
  for (const one of [desk, empty]) {
    const { code, stderr } = await one.regenerate()
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain('bug in ecr-airlift')
  }
})

describe('the values', () => {
  test('have an empty map of charts, and what the images say', async () => {
    const { code, stdout, stderr } = await desk.values()
    expect(code, stderr).toBe(0)
    expect(parse(stdout)).toEqual({
      charts: {},
      bucketImage: `${world.registry}/mirrored/docker.io/amazon/aws-cli:2.25.11`,
      ecrAuth: { registry: world.registry },
    })
    const bare = await empty.values()
    expect(bare.code, bare.stderr).toBe(0)
    expect(parse(bare.stdout)).toEqual({ charts: {}, ecrAuth: { registry: world.registry } })
  })

  test('of charts are none', async () => {
    const { code, stderr } = await desk.values(['--format', 'chart'])
    expect(code).toBe(2)
    expect(stderr).toContain('→ omit --format: the manifest has no charts\n')
    const stranger = await desk.values(['--chart', 'web'])
    expect(stranger.stderr).toContain('→ it has no charts\n')
  })
})

describe('before the mirror', () => {
  test('a verification without any check is not a success', async () => {
    for (const args of [[], ['--output', 'json']]) {
      const { code, stdout, stderr } = await desk.verify(args)
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toBe(
        'error: nothing was verified: the manifest has 0 charts and 2 images, and none of them was checked\n  → add --against-registry to check the images that are used outside any chart\n',
      )
    }
    const nothing = await empty.verify(['--against-registry'])
    expect(nothing.code).toBe(1)
    expect(nothing.stderr).toContain(
      '→ generate the manifest from a chart list that has charts or direct images\n',
    )
  })

  test('the registry is queried, and lacks them', async () => {
    const { code, stderr } = await desk.verify(['--against-registry'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      `error: direct image "${cli}", mirrored as "${world.registry}/mirrored/${cli}": not found in the registry\n`,
    )
    expect(stderr).toContain(`direct image "${pinned}"`)
  })
})

describe('after the mirror', () => {
  test('they are there', async () => {
    const mirrored = await desk.mirror()
    expect(mirrored.code, mirrored.stderr).toBe(0)
    expect(writes(world.sandbox)).toBeGreaterThan(0)
    const { code, stdout, stderr } = await desk.verify(['--against-registry'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/direct images +- +2 +0 +0 +0\n/)
    expect(stdout).toContain('2 of 2 references private; in the registry: ')
  })

  test('an empty manifest can be mirrored', async () => {
    const { code, stderr } = await empty.mirror()
    expect(code, stderr).toBe(0)
  })
})

test('a chart that is missing from the list is not ignored', async () => {
  const chart = `charts: [{ name: app, version: 1.0.0, repository: ${app.repository} }]\n`
  const other = await openDesk(world, chart, 'other')
  const made = await other.regenerate()
  expect(made.code, made.stderr).toBe(0)
  await other.writeList('charts: []\n')
  const { code, stderr } = await other.verify([])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /error: chart "app" is in the manifest but not in the chart list ".*charts\.yaml", so it was not verified\n/,
  )
})
