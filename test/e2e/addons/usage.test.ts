import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { addonCharts } from '../support/charts/addon-charts.ts'
import { type AddonsDesk, openAddonsDesk, startAddons } from '../support/charts/addons.ts'
import { writes } from '../support/stores.ts'
import type { World } from '../support/world.ts'

let world: World
let desk: AddonsDesk

beforeAll(async () => {
  world = await startAddons(['keda'], [], [])
  desk = await openAddonsDesk(world, 'desk')
  const { repository } = addonCharts.keda
  await desk.write(
    'good.yaml',
    stringify({ keda: { chart: 'keda', repository, version: '2.16.1' } }),
  )
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

describe('a usage error, exit code 2', () => {
  test.for([
    [
      '--scan-only with --push-images',
      ['--scan-only', '--push-images'],
      /--scan-only' cannot be used with option '--push-images'/,
    ],
    [
      '--values with --catalog',
      ['--values', 'good.yaml', '--catalog', 'x.yaml'],
      /cannot be used with option/,
    ],
    [
      'an unknown flag',
      ['--push-image'],
      /unknown option '--push-image'\n\(Did you mean --push-images\?\)/,
    ],
    [
      'no such file',
      ['--values', 'nowhere.yaml'],
      /"nowhere\.yaml" cannot be read: it does not exist\n {2}→ specify a values file with --values, or a catalog with --catalog/,
    ],
    ['an argument too many', ['good.yaml'], /too many arguments/],
    ['no YAML', ['--values', 'broken.yaml'], /^error: broken\.yaml:2:\d+: /m],
    ['tabs', ['--values', 'tabs.yaml'], /^error: tabs\.yaml:2:1: /m],
    [
      'a key that is there twice',
      ['--values', 'twice.yaml'],
      /^error: twice\.yaml:2:1: duplicate key "addons"/m,
    ],
    ['no add-ons', ['--values', 'empty.yaml'], /^error: empty\.yaml: no add-ons found/m],
    [
      'a name that is no add-on',
      ['--values', 'good.yaml', '--only-addon', 'keeda'],
      /"keeda" matches no chart; did you mean keda\?\n[^→]*error: no add-ons to sync\n/,
    ],
    [
      'overrides that are not there',
      ['--values', 'good.yaml', '--chart-overrides', 'x.yaml'],
      /--chart-overrides "x\.yaml" cannot be read/,
    ],
    [
      'overrides of another shape',
      ['--values', 'good.yaml', '--chart-overrides', 'shape.yaml'],
      /^error: shape\.yaml:1:1: keda: unknown key "keda"/m,
    ],
    [
      'a registry of another kind',
      ['--values', 'good.yaml', '--target-registry', 'registry.example.com'],
      /is not the host of a private Amazon ECR registry/,
    ],
    [
      'a prefix that ECR refuses',
      ['--values', 'good.yaml', '--target-prefix', 'Team'],
      /prefix "Team" is not valid in ECR/,
    ],
    ['a platform that is none', ['--values', 'good.yaml', '--platform', 'amd64'], /amd64/],
  ] as const)('%s', async ([, args, says]) => {
    await desk.write('broken.yaml', 'addons:\n  keda: [}\n')
    await desk.write('tabs.yaml', 'addons:\n\tkeda: 1\n')
    await desk.write('twice.yaml', 'addons: 1\naddons: 2\n')
    await desk.write('empty.yaml', 'replicas: 2\n')
    await desk.write('shape.yaml', 'keda: { x: 1 }\n')
    const { code, stdout, stderr } = await desk.sync(args)
    expect(code, stderr).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
    expect(writes(world.sandbox)).toBe(0)
  })
})
