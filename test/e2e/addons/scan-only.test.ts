import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { plainChart } from '../support/charts/addon-charts.ts'
import { type AddonsDesk, openAddonsDesk, statuses } from '../support/charts/addons.ts'
import { startPublished } from '../support/charts/published.ts'
import { operations, writes } from '../support/stores.ts'
import type { World } from '../support/world.ts'

const repository = 'https://charts.example.com/stable'
const image = 'quay.io/example/app:1.2.3'

let world: World
let desk: AddonsDesk

beforeAll(async () => {
  const files = plainChart('many', '1.0.0', image)
  world = await startPublished([{ repository, files }], [image])
  desk = await openAddonsDesk(world, 'desk')
  const addon = { chart: 'many', repository, version: '1.0.0', release: 'many' }
  await desk.write('values.yaml', stringify({ addons: [addon] }))
})
afterAll(() => world.close())
beforeEach(() => world.sandbox.resetCounters())

describe('--scan-only', () => {
  const withoutCredentials = {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
  }

  test('sends HEAD requests to each source, and needs no AWS credentials if the registry is given', async () => {
    const args = ['--scan-only', '--target-registry', world.registry, '--output', 'json']
    const result = await desk.sync(args, withoutCredentials)
    expect(result.code, result.stderr).toBe(0)
    expect(statuses(result)).toEqual({ many: 'scanned' })
    expect(operations(world.sandbox, 'aws')).toEqual({})
    expect(operations(world.sandbox, 'sources')).toMatchObject({ manifestHead: 1 })
    expect(writes(world.sandbox)).toBe(0)
  })

  test('but a push needs them: the preflight fails with exit code 3', async () => {
    const args = ['--push-images', '--target-registry', world.registry]
    const result = await desk.sync(args, withoutCredentials)
    expect(result.code).toBe(3)
    expect(result.stderr).toMatch(/^error: .*credentials/m)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('reports what is missing if it is not given', async () => {
    const result = await desk.sync(['--scan-only'], withoutCredentials)
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(/^error: .*credentials/m)
  })
})
