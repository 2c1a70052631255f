import { writeFile } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { digestAt, imagePlace, operations } from '../support/stores.ts'
import { crane } from '../support/tools.ts'
import { test, type World } from '../support/world.ts'

// An index with attestations, one without, and an image for amd64 only.
const attested = 'docker.io/jaegertracing/jaeger-agent:1.53.0'
const plain = 'quay.io/kiwigrid/k8s-sidecar:1.30.0'
const single = 'quay.io/strimzi/operator:0.47.0'
const images = [attested, plain, single] as const

interface Index {
  readonly manifests: readonly {
    readonly digest: string
    readonly platform?: { readonly architecture: string }
  }[]
}

const storedAt = (world: World, reference: string): Index => {
  const { repository, tag } = imagePlace(reference)
  return JSON.parse(world.sandbox.ecrManifest(repository, tag)?.bytes.toString() ?? '{}')
}

const digests = ({ sandbox }: World) => images.map((image) => digestAt(sandbox, imagePlace(image)))

describe.concurrent('--platform', () => {
  test('of one copies that child under the tag, with crane’s digest', async ({ world: make }) => {
    const world = await make({ images })
    const { code, stderr } = await world.mirror(['--platform', 'linux/amd64'])
    expect(code, stderr).toBe(0)
    for (const image of images) {
      const named = await world.tool(crane, 'digest', '--platform', 'linux/amd64', image)
      expect(digestAt(world.sandbox, imagePlace(image)), image).toBe(named.stdout.trim())
    }
  })

  test('of several creates an index of them, with the same digest everywhere', async ({
    world: make,
  }) => {
    const [world, other] = [await make({ images }), await make({ images })]
    const args = ['--platform', 'linux/amd64,linux/arm64', '--exclude', single]
    const reversed = ['--platform', 'linux/arm64,linux/amd64', '--exclude', single]
    expect((await world.mirror([...args, '--update-lock'])).code).toBe(0)
    expect((await other.mirror([...reversed, '--mount', 'off'])).code).toBe(0)
    expect(digests(world)).toEqual(digests(other))
    const kept = storedAt(world, attested).manifests.map(({ platform }) => platform?.architecture)
    expect(kept).toEqual(['amd64', 'arm64'])
    const second = await world.mirror([...args, '--existing', 'verify'])
    expect(second.code, second.stderr).toBe(0)
    expect(second.stdout).toContain('Nothing to do')
  })

  test('is known from the lock, so that a second run asks no source', async ({ world: make }) => {
    const world = await make({ images })
    await world.mirror(['--update-lock', '--prefix', 'whole'])
    await world.mirror(['--platform', 'linux/amd64'])
    world.sandbox.resetCounters()
    const { code, stderr, stdout } = await world.mirror([
      '--platform',
      'linux/amd64',
      '--output',
      'json',
    ])
    expect(code, stderr).toBe(0)
    const { outcomes } = JSON.parse(stdout)
    expect(outcomes.map(({ reason }: { reason: string }) => reason)).toEqual([
      'present, same digest',
      'present, same digest',
      'present, same digest',
    ])
    expect(operations(world.sandbox, 'sources')).toEqual({})
  })

  test('that an image lacks stops the run before it begins, and lists the available ones', async ({
    world: make,
  }) => {
    const world = await make({ images })
    const { code, stderr } = await world.mirror(['--platform', 'linux/s390x'])
    expect(code).toBe(3)
    expect(stderr).toContain(
      '"quay.io/kiwigrid/k8s-sidecar:1.30.0": it is not available for linux/s390x',
    )
    expect(stderr).toContain('linux/amd64')
    expect(stderr).toContain('only available for linux/amd64')
    expect(world.sandbox.ecrRepositories()).toEqual([])
  })

  test('keeps an image that is pinned by digest whole, and reports it', async ({ world: make }) => {
    const world = await make({ images: [plain] })
    const digest = world.sandbox.upstreamDigest(plain)
    const reference = `${plain}@${digest}`
    const [image] = world.manifest.images
    await writeFile(
      world.manifestFile,
      JSON.stringify({ ...world.manifest, images: [{ ...image, reference }] }),
    )
    const { code, stderr } = await world.mirror(['--platform', 'linux/amd64'])
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('pinned by digest and copied with all platforms')
    expect(digestAt(world.sandbox, imagePlace(plain))).toBe(digest)
  })

  test.for(['linux', 'linux/amd64,linux/amd64', 'LINUX/amd64'])(
    'refuses "%s"',
    async (text, { world: make }) => {
      const world = await make({ images })
      const { code, stderr } = await world.mirror(['--platform', text])
      expect([code, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining('platform')])
    },
  )
})
