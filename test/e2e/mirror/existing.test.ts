import { describe, expect } from 'vitest'
import { images, kubectl, operator } from '../support/images.ts'
import { chartLayer, chartPlace, digestAt, faultsOfCopies, imagePlace } from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

const outdate = (world: World) => {
  const { repository, tag } = imagePlace(operator)
  const old = world.sandbox.putEcrImage(repository, tag, operator)
  world.sandbox.replaceUpstream(operator)
  return old
}

describe.concurrent('the older names of --existing', () => {
  test.for([
    [['--skip-existing'], 0, 'old'],
    [['--verify-existing-digest'], 1, 'old'],
    [['--overwrite-existing'], 0, 'new'],
    [['--skip-existing', '--verify-existing-digest'], 1, 'old'],
    [['--skip-existing', '--verify-existing-digest', '--overwrite-existing'], 0, 'new'],
    [['--existing', 'overwrite', '--skip-existing'], 0, 'new'],
  ] as const)(
    '%j end with %i and leave the %s image',
    async ([args, code, holds], { world: make }) => {
      const world = await make({ images })
      const old = outdate(world)
      const result = await world.mirror(args)
      expect(result.code, result.stderr).toBe(code)
      const expected = holds === 'old' ? old : world.sandbox.upstreamDigest(operator)
      expect(digestAt(world.sandbox, imagePlace(operator))).toBe(expected)
      expect(faultsOfCopies(world.sandbox, [kubectl])).toEqual([])
    },
  )
})

describe.concurrent('--replace-immutable', () => {
  const args = ['--existing', 'overwrite', '--replace-immutable']

  test('removes an immutable tag and re-creates it', async ({ world: make }) => {
    const world = await make({ images })
    const settings = { imageTagMutability: 'IMMUTABLE' } as const
    world.sandbox.createEcrRepository(imagePlace(operator).repository, { settings })
    outdate(world)
    const { code, stderr, stdout } = await world.mirror(args)
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    expect(stdout).toContain('replaced')
    const again = await world.mirror(args)
    expect(again.stdout).toContain('Nothing to do')
  })

  test('does the same for a chart', async ({ world: make }) => {
    const world = await make({ charts: ['fluent-bit'] })
    const [chart] = world.manifest.charts
    if (chart === undefined) throw new Error('no chart')
    const place = chartPlace(chart)
    const settings = { imageTagMutability: 'IMMUTABLE' } as const
    world.sandbox.createEcrRepository(place.repository, { settings })
    const [image = ''] = world.manifest.images.map(({ reference }) => reference)
    world.sandbox.putEcrImage(place.repository, place.tag, image)
    const { code, stderr } = await world.mirror([...args, '--charts-only'])
    expect(code, stderr).toBe(0)
    expect(chartLayer(world.sandbox, place)).toMatch(/^sha256:/)
  })

  test('is suggested if it is missing', async ({ world: make }) => {
    const world = await make({ images })
    const settings = { imageTagMutability: 'IMMUTABLE' } as const
    world.sandbox.createEcrRepository(imagePlace(operator).repository, { settings })
    outdate(world)
    const { code, stderr } = await world.mirror(['--existing', 'overwrite'])
    expect([code, stderr]).toEqual([3, expect.stringContaining('--replace-immutable')])
  })
})
