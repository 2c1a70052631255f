import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chartPlace, faultsOfCopies, imagePlace, operations, writes } from '../support/stores.ts'
import { startWorld, type World } from '../support/world.ts'

// Selecting a part of the manifest, and the plan for it.
let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

interface Plan {
  readonly create: readonly string[]
  readonly steps: readonly {
    readonly name: string
    readonly action: string
    readonly destination: string
  }[]
}

async function plan(...args: string[]): Promise<Plan> {
  const { code, stdout, stderr } = await world.mirror(['--plan', '--output', 'json', ...args])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Plan
}

const chartNames = () => world.manifest.charts.map(({ name }) => name)
const isChart = (name: string) => name.startsWith('chart ')

describe('a plan', () => {
  test('names every item and repository, as a table and as JSON', async () => {
    const { steps, create } = await plan()
    expect(steps).toHaveLength(66)
    const { stdout, code } = await world.mirror(['--plan'])
    expect(code).toBe(0)
    for (const { name, destination } of steps) {
      expect(stdout).toContain(`${name} `)
      expect(stdout).toContain(destination.slice(world.registry.length + 1))
    }
    for (const repository of create) expect(stdout).toContain(`create repository ${repository}\n`)
    expect(stdout).toMatch(/^57 repositories to create; 66 to copy$/m)
  })

  test('writes nothing and sends no request to a source', () => {
    expect(writes(world.sandbox)).toBe(0)
    expect(operations(world.sandbox, 'sources')).toEqual({})
    expect(operations(world.sandbox, 'aws')).not.toHaveProperty('GetAuthorizationToken')
    expect(world.sandbox.ecrRepositories()).toEqual([])
  })

  test('distinguishes present items from missing ones', async () => {
    const [first, second] = world.manifest.images.map(({ reference }) => reference)
    if (first === undefined || second === undefined) throw new Error('the manifest is too short')
    const { repository, tag } = imagePlace(first, 'planned/')
    world.sandbox.putEcrImage(repository, tag, first)
    const actions = async (...args: string[]) => {
      const { steps } = await plan(
        '--prefix',
        'planned',
        '--only',
        first,
        '--only',
        second,
        ...args,
      )
      return steps.map(({ action }) => action)
    }
    expect(await actions()).toEqual(['skip', 'copy'])
    expect(await actions('--existing', 'verify')).toEqual(['compare', 'copy'])
    expect(operations(world.sandbox, 'sources')).toEqual({})
  })
})

describe('a selection by', () => {
  test.for([
    ['--only a chart takes its images along', ['--only', 'etcd-operator'], [1, 2]],
    ['--only an image takes nothing else', ['--only', 'registry.k8s.io/kubectl:*'], [0, 1]],
    ['--only several globs adds them up', ['--only', 'kyverno', '--only', '*/cassandra:*'], [1, 9]],
    ['--exclude a chart keeps images that others use', ['--exclude', 'grafana'], [10, 55]],
    ['--exclude a chart drops its own images', ['--exclude', 'etcd-operator'], [10, 53]],
    ['--exclude images by registry', ['--exclude', 'quay.io/*'], [11, 29]],
    ['--images-only', ['--images-only'], [0, 55]],
    ['--charts-only', ['--charts-only'], [11, 0]],
    ['--group', ['--group', 'production', '--charts-only'], [8, 0]],
  ] as const)('%s', async ([, args, [charts, images]]) => {
    const { steps } = await plan(...args)
    expect(steps.filter(({ name }) => isChart(name))).toHaveLength(charts)
    expect(steps.filter(({ name }) => !isChart(name))).toHaveLength(images)
  })

  test('--group selects only the charts of the group and their images', async () => {
    const { steps } = await plan('--group', 'development')
    const names = steps.map(({ name }) => name)
    const charts = names.filter(isChart).map((name) => name.split(' ')[1])
    expect(charts).toEqual(['grafana', 'jaeger', 'localstack'])
    expect(names).toContain('docker.io/bats/bats:v1.4.1')
    expect(names).not.toContain('registry.k8s.io/kubectl:v1.32.7')
  })
})

describe('a run', () => {
  test('copies what was selected, below the prefix, and nothing else', async () => {
    const before = new Set(world.sandbox.ecrRepositories())
    const args = ['--prefix', 'team/a', '--only', 'etcd-operator']
    const { code, stderr } = await world.mirror(args)
    expect(code, stderr).toBe(0)
    const own = world.manifest.images
      .filter(({ charts }) => charts.includes('etcd-operator'))
      .map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, own, 'team/a/')).toEqual([])
    const made = world.sandbox.ecrRepositories().filter((name) => !before.has(name))
    const repositories = own.map((reference) => imagePlace(reference, 'team/a/').repository)
    expect(made).toEqual([...repositories, 'team/a/charts/etcd-operator'].toSorted())
  })

  test('with --charts-only pushes only charts', async () => {
    const { code, stderr } = await world.mirror(['--charts-only', '--prefix', 'c'])
    expect(code, stderr).toBe(0)
    const made = world.sandbox.ecrRepositories().filter((name) => name.startsWith('c/'))
    expect(made).toEqual(
      chartNames()
        .map((name) => `c/charts/${name}`)
        .toSorted(),
    )
    for (const chart of world.manifest.charts) {
      const { repository, tag } = chartPlace(chart, 'c/')
      expect(Object.keys(world.sandbox.ecrImages(repository)?.tags ?? {})).toEqual([tag])
    }
  })
})
