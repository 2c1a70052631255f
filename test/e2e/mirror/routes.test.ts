import { describe, expect } from 'vitest'
import { faultsOfCopies, operations } from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

const hub = 'docker.io/library/busybox:1.35'
const quay = 'quay.io/strimzi/operator:0.47.0'
const images = [hub, quay] as const
const mirrors = { 'mirror.gcr.io': 'docker.io', 'm.example.com': 'quay.io' } as const

const askedOf = ({ sandbox }: World, pattern: RegExp) => {
  const sums: Record<string, number> = {}
  for (const [host, counters] of Object.entries(sandbox.counters())) {
    if (!pattern.test(host)) continue
    for (const [name, count] of Object.entries(counters.operations))
      sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

describe.concurrent('a source mirror', () => {
  test('provides the data, and the registry itself the digest', async ({ world: make }) => {
    const world = await make({ images, sandbox: { imageMirrors: mirrors } })
    const { code, stderr } = await world.mirror(['--source-mirror', 'docker.io=mirror.gcr.io'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    expect(askedOf(world, /docker\.io$/)).toEqual({ ping: 1, token: 1, manifestHead: 1 })
    expect(askedOf(world, /mirror\.gcr\.io/)).toMatchObject({ blobGet: expect.any(Number) })
  })

  test('that does not have an image is skipped immediately', async ({ world: make }) => {
    const world = await make({ images, sandbox: { imageMirrors: { 'mirror.gcr.io': 'quay.io' } } })
    const { code, stderr } = await world.mirror([
      '--source-mirror',
      'docker.io=mirror.gcr.io,gone.example.com',
    ])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    expect(stderr).toMatch(/retry now: docker\.io\/library\/busybox:1\.35/)
  })

  test('serves a reference whose registry is unavailable, if its digest is locked', async ({
    world: make,
  }) => {
    const world = await make({ images, sandbox: { imageMirrors: mirrors } })
    await world.mirror(['--update-lock', '--prefix', 'first'])
    world.sandbox.addFault({ host: '*.docker.io', effect: { status: 403 } })
    const { code, stderr } = await world.mirror(['--source-mirror', 'docker.io=mirror.gcr.io'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('is never asked what a tag means', async ({ world: make }) => {
    const world = await make({ images, sandbox: { imageMirrors: mirrors } })
    world.sandbox.addFault({ host: '*.docker.io', effect: { status: 403 } })
    const { code } = await world.mirror(['--source-mirror', 'docker.io=mirror.gcr.io'])
    expect(code).toBe(3)
    expect(askedOf(world, /mirror\.gcr\.io/)).toEqual({})
  })

  test('may be a pull-through cache rule of the target', async ({ world: make }) => {
    const world = await make({ images, sandbox: { ecr: { pullThrough: { quay: 'quay.io' } } } })
    const { code, stderr } = await world.mirror(['--pull-through', 'quay.io=quay'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    expect(askedOf(world, /^quay\.io/)).toEqual({ ping: 1, manifestHead: 1 })
  })

  test('that is such a rule and cannot provide an image falls back to the registry', async ({
    world: make,
  }) => {
    const world = await make({ images })
    const { code, stderr } = await world.mirror(['--pull-through', 'quay.io=quay'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    expect(stderr).toMatch(/retry now: quay\.io\/strimzi\/operator/)
  })

  test.for([
    ['--source-mirror', 'docker.io'],
    ['--source-mirror', 'docker.io=mirror'],
    ['--pull-through', 'quay.io=Quay'],
  ] as const)('is refused as %s %s', async ([flag, value], { world: make }) => {
    const world = await make({ images })
    const { code, stderr } = await world.mirror([flag, value])
    expect([code, stderr]).toEqual([2, expect.stringContaining(`"${value}"`)])
  })
})

describe.concurrent("Docker Hub's quota", () => {
  const pulls = (left: number) => ({ images, sandbox: { limits: { dockerHubPulls: left } } })

  test('that does not suffice is reported before any change', async ({ world: make }) => {
    const world = await make(pulls(2))
    const { code, stderr } = await world.mirror()
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /error: Docker Hub allows 2 more pulls from here, but this run needs about 3/,
    )
    expect(stderr).toMatch(/--source-mirror docker\.io=mirror\.gcr\.io/)
    expect(world.sandbox.ecrRepositories()).toEqual([])
  })

  test('is used as far as it suffices with --no-check', async ({ world: make }) => {
    const world = await make(pulls(2))
    const { code, stderr } = await world.mirror(['--no-check'])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/pull rate limit/)
    expect(faultsOfCopies(world.sandbox, [quay])).toEqual([])
  })

  test('does not matter if a mirror provides the data', async ({ world: make }) => {
    const world = await make({
      images,
      sandbox: { limits: { dockerHubPulls: 1 }, imageMirrors: mirrors },
    })
    const { code, stderr } = await world.mirror(['--source-mirror', 'docker.io=mirror.gcr.io'])
    expect(code, stderr).toBe(0)
    expect(operations(world.sandbox, 'sources')['manifestGet']).toBeGreaterThan(0)
  })
})

test.concurrent(
  'a host that asks to be left alone for a while is left alone that long',
  async ({ world: make }) => {
    const world = await make({ images: [quay] })
    // The first question is answered; then crane is refused three times, and so is whoever asks for how long.
    const headers = { 'retry-after': '7' }
    world.sandbox.addFault({
      host: 'quay.io',
      path: /manifests/,
      after: 1,
      times: 4,
      effect: { status: 429, headers },
    })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/retry in 7\.0 s/)
  },
)
