import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lock } from '../../../scripts/lib/model/manifest/lock.ts'
import type { ScriptResult } from '../../unit/support/run-script.ts'
import { type Desk, openDesk, startPublished } from '../support/charts/published.ts'
import { certManager, etcdOperator, images, list, web } from '../support/shop.ts'
import type { World } from '../support/world.ts'

// One chart list and the manifest generated from it. The tests build on each other, in this order.
let world: World
let desk: Desk
let first: ScriptResult
let module: string

beforeAll(async () => {
  world = await startPublished([web.first, certManager.first, etcdOperator], images)
  desk = await openDesk(world, list)
  first = await desk.regenerate()
  module = await desk.readModule()
})
afterAll(() => world.close())

describe('the manifest of a chart list', () => {
  test('has every image, rendered or declared', async () => {
    expect(first.code, first.stderr).toBe(0)
    const manifest = await desk.manifest()
    expect(manifest.images.map(({ reference }) => reference)).toEqual(images)
    expect(manifest.charts.map(({ name }) => name)).toEqual([
      'cert-manager',
      'etcd-operator',
      'web',
    ])
    expect(manifest.charts[0]).toMatchObject({ version: '1.17.2', published: 'v1.17.2' })
  })

  test('records the chart, document, path and leaves of each rendered image', async () => {
    const { images: found } = await desk.manifest()
    const placesOf = (name: string) => found.find(({ reference }) => reference === name)?.found
    expect(placesOf('quay.io/example/web:1.0.0')).toEqual([
      {
        chart: 'web',
        variants: ['default'],
        class: 'certain',
        document: 'Deployment/web',
        path: 'spec.template.spec.containers[0].image',
        template: 'web/templates/web.yaml',
        leaves: ['image.registry', 'image.repository'],
      },
    ])
    expect(placesOf('quay.io/jetstack/cert-manager-acmesolver:v1.17.2')).toMatchObject([
      {
        class: 'embedded',
        document: 'Deployment/cert-manager',
        path: 'spec.template.spec.containers[0].args[0]',
        leaves: ['acmesolver.image.repository'],
      },
    ])
    expect(placesOf('docker.io/library/busybox:1.36')).toMatchObject([
      { path: 'spec.template.spec.containers[1].image', leaves: ['sidecar.image'] },
    ])
    const rendered = found.filter(({ reason }) => reason === undefined)
    expect(rendered.filter(({ found: places }) => places.length !== 1)).toEqual([])
  })

  test('keeps manual declarations: image, reason and leaf', async () => {
    const { images: found, charts, relocation } = await desk.manifest()
    expect(found.filter(({ reason }) => reason !== undefined)).toEqual([
      {
        reference: 'docker.io/amazon/aws-cli:2.25.11',
        charts: [],
        reason: 'creates the default bucket',
        found: [],
      },
      {
        reference: 'quay.io/example/plugin:3.2.1',
        charts: ['web'],
        reason: 'loaded on demand',
        found: [],
      },
    ])
    expect(charts.at(-1)?.relocation.mirrored?.values).toContainEqual({
      path: ['plugin', 'image'],
      value: '<registry>/<prefix>mirrored/quay.io/example/plugin:3.2.1',
    })
    expect(relocation.mirrored).toEqual([
      {
        path: ['bucketImage'],
        value: '<registry>/<prefix>mirrored/docker.io/amazon/aws-cli:2.25.11',
      },
    ])
  })

  test('has a proof of each chart for each layout, and names neither a registry nor a machine', async () => {
    const { charts } = await desk.manifest()
    const proofs = charts.flatMap(({ relocation }) =>
      Object.values(relocation).flatMap((layout) => layout.proofs),
    )
    expect(proofs.map(({ result, places }) => `${result} ${places}`)).toEqual([
      'proven 5',
      'proven 5',
      'proven 2',
      'proven 2',
      'proven 2',
      'proven 2',
    ])
    for (const { inputs, faults } of proofs) {
      expect(inputs).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(faults).toEqual([])
    }
    expect(module).not.toMatch(/amazonaws|\/tmp|airlift-e2e/)
  })

  test('takes few renders, and none the second time', async () => {
    const calls = await desk.helmCalls()
    const count = (what: string) => calls.filter((call) => call === what).length
    expect(count('template')).toBeLessThanOrEqual(3 * 6)
    expect(count('read')).toBeLessThanOrEqual(count('template'))
    // The archives of the other two are downloaded from where their indexes say.
    expect(calls.filter((call) => call === 'pull')).toHaveLength(1)
    const asked = Object.values(world.sandbox.counters())
    const archives = asked.reduce(
      (sum, { operations }) => sum + (operations['chartArchive'] ?? 0),
      0,
    )
    expect(archives).toBe(2)

    world.sandbox.resetCounters()
    const again = await desk.regenerate()
    expect(again.code, again.stderr).toBe(0)
    expect(again.stdout).toBe('')
    expect(again.stderr).toContain('nothing to write: generated files are up to date\n')
    expect(again.stderr).not.toContain('wrote ')
    expect(again.stderr).toMatch(/^web 1\.0\.0: .*, (\d) renders \(\1 known\)/m)
    expect(await desk.helmCalls()).toEqual([])
    expect(world.sandbox.counters()).toEqual({})
    expect(await desk.readModule()).toBe(module)
  })

  test('can be regenerated for one chart, with the others unchanged', async () => {
    const { code, stderr } = await desk.regenerate(['--chart', 'web'])
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^web 1\.0\.0: /m)
    expect(stderr).not.toMatch(/^(?:cert-manager|etcd-operator) .*: /m)
    expect(await desk.readModule()).toBe(module)
  })
})

describe('--digests', () => {
  test('locks the digests of the registries, and sends only HEAD requests to Docker Hub', async () => {
    world.sandbox.resetCounters()
    const remove = world.sandbox.addFault({
      host: '{index.docker.io,registry-1.docker.io}',
      operation: 'manifestGet',
      effect: { status: 429, body: 'a GET costs a pull' },
    })
    const { code, stderr } = await desk.regenerate(['--digests'])
    remove()
    expect(code, stderr).toBe(0)
    const lock: Lock = JSON.parse(await readFile(desk.lockFile, 'utf8'))
    expect(digestsOf(lock)).toEqual(
      Object.fromEntries(images.map((image) => [image, world.sandbox.upstreamDigest(image)])),
    )
    const asked = Object.entries(world.sandbox.counters())
      .filter(([host]) => /^(?:index|registry-1)\.docker\.io$/.test(host))
      .map(([, { operations }]) => operations)
    expect(asked.map(({ manifestHead }) => manifestHead)).toEqual([2])
    expect(asked.map(({ manifestGet }) => manifestGet)).toEqual([undefined])
  })

  test('locks the children of indexes elsewhere, and the archive of each chart', async () => {
    const lock: Lock = JSON.parse(await readFile(desk.lockFile, 'utf8'))
    expect(lock.images['docker.io/library/busybox:1.36']?.children).toBeUndefined()
    expect(lock.images['quay.io/example/web:1.0.0']?.children?.length).toBeGreaterThan(0)
    expect(Object.keys(lock.charts)).toEqual([
      'https://charts.example.com/stable web 1.0.0',
      'https://charts.jetstack.io cert-manager v1.17.2',
      'oci://ghcr.io/aenix-io/charts etcd-operator 0.4.2',
    ])
  })

  test('keeps the known data of an image that cannot be queried, and reports it', async () => {
    const before = await readFile(desk.lockFile, 'utf8')
    const remove = world.sandbox.addFault({
      host: 'quay.io',
      path: '/v2/example/web/**',
      effect: { status: 403 },
    })
    const { code, stderr } = await desk.regenerate(['--digests'])
    remove()
    expect(code).toBe(1)
    expect(stderr).toContain('image "quay.io/example/web:1.0.0"')
    expect(await readFile(desk.lockFile, 'utf8')).toBe(before)
  })

  test('rejects a damaged lock, and keeps it', async () => {
    const before = await readFile(desk.lockFile, 'utf8')
    const damaged = `<<<<<<< HEAD\n${before}`
    await writeFile(desk.lockFile, damaged)
    const { code, stderr } = await desk.regenerate(['--digests'])
    const after = await readFile(desk.lockFile, 'utf8')
    await writeFile(desk.lockFile, before)
    expect({ code, after }).toEqual({ code: 2, after: damaged })
    expect(stderr).toContain(`${desk.lockFile}:1:1`)
  })
})

test('a damaged manifest is reported and replaced', async () => {
  const before = await desk.readModule()
  await writeFile(desk.manifestFile, before.replace('defineManifest({', 'defineManifest({ <<<<'))
  const { code, stderr } = await desk.regenerate([])
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/^".+" is treated as missing, because it cannot be read: /m)
  expect(await desk.readModule()).toBe(before)
})

test.each(['charts: []\n', '{"charts": []}', '# a README'])(
  'a file that is no manifest module is kept: %j',
  async (text) => {
    const before = await desk.readModule()
    await writeFile(desk.manifestFile, text)
    const { code, stderr } = await desk.regenerate([])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: ".+" was not replaced, because it is not a manifest module/m)
    expect(await desk.readModule()).toBe(text)
    await writeFile(desk.manifestFile, before)
  },
)

function digestsOf({ images: locked }: Lock): Record<string, string> {
  return Object.fromEntries(
    Object.entries(locked).map(([reference, { digest }]) => [reference, digest]),
  )
}
