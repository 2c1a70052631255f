import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { blobsOf, readManifest } from '../../../scripts/lib/model/image/content.ts'
import type { Lock } from '../../../scripts/lib/model/manifest/lock.ts'
import type { Sandbox } from '../../../scripts/sandbox/sandbox.ts'
import { faultsOfCopies, imagePlace, operations } from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

// Four images from three hosts with one base, and one image that shares nothing with them.
const sidecar = 'quay.io/kiwigrid/k8s-sidecar:1.30.0'
const kaniko = 'quay.io/strimzi/kaniko-executor:0.47.0'
const images = [
  sidecar,
  kaniko,
  'ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator:0.122.0',
  'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0',
  'registry.k8s.io/kubectl:v1.32.7',
] as const
const on = { images, sandbox: { scale: 1, ecr: { blobMounting: true } } } as const
const off = { images, sandbox: { scale: 1 } } as const

/** Bytes of blobs in ECR: of each repository by itself, and of all distinct ones. */
function weigh(sandbox: Sandbox): { all: number; unique: number } {
  const blobs = new Map<string, number>()
  let all = 0
  for (const name of sandbox.ecrRepositories()) {
    const own = new Map<string, number>()
    for (const digest of sandbox.ecrImages(name)?.manifests ?? []) {
      const text = sandbox.ecrManifest(name, digest)?.bytes.toString() ?? ''
      for (const [blob, size] of blobsOf(readManifest(text) ?? { mediaType: '' }))
        own.set(blob, size)
    }
    for (const [blob, size] of own) {
      all += size
      blobs.set(blob, size)
    }
  }
  return { all, unique: [...blobs.values()].reduce((sum, size) => sum + size, 0) }
}

function traffic({ sandbox, registry }: World): { up: number; down: number } {
  const counters = Object.entries(sandbox.counters())
  const down = counters.filter(([host]) => !host.endsWith('.amazonaws.com'))
  return {
    up: counters.find(([host]) => host === registry)?.[1].bytesIn ?? 0,
    down: down.reduce((sum, [, { bytesOut }]) => sum + bytesOut, 0),
  }
}

/** Manifests are sent too, and answers have a body: some kilobytes for an image. */
const slack = 1.02
const manifestBytes = 8_192 * images.length * 3

describe.concurrent('layers that several images share', () => {
  test('cross the wire once each way when ECR mounts them', async ({ world: make }) => {
    const world = await make(on)
    const { code, stderr, stdout } = await world.mirror(['--mount', 'on'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    const { unique, all } = weigh(world.sandbox)
    const { up, down } = traffic(world)
    expect(all).toBeGreaterThan(unique * 1.2)
    expect(up).toBeLessThan(unique * slack + manifestBytes)
    expect(down).toBeLessThan(unique * slack + manifestBytes)
    expect(stdout).toMatch(/^Sent .* MiB; mounted .* MiB from other repositories\.$/m)
  })

  test('are sent to each repository when mounting is off', async ({ world: make }) => {
    const world = await make(on)
    const { code, stderr } = await world.mirror(['--mount', 'off'])
    expect(code, stderr).toBe(0)
    expect(traffic(world).up).toBeGreaterThan(weigh(world.sandbox).all)
    expect(operations(world.sandbox, 'aws')['GetAccountSetting']).toBeUndefined()
  })

  test('are mounted without a message if the account allows it', async ({ world: make }) => {
    const world = await make(on)
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).not.toMatch(/^!/m)
    expect(traffic(world).up).toBeLessThan(weigh(world.sandbox).unique * slack + manifestBytes)
  })

  test('are mentioned once if the account does not allow it, with the command that enables it', async ({
    world: make,
  }) => {
    const world = await make(off)
    await world.mirror(['--update-lock'])
    world.sandbox.resetEcr()
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    const said = stderr.split('\n').filter((line) => line.includes('BLOB_MOUNTING'))
    expect(said).toEqual([
      expect.stringMatching(
        /would save \d.* MiB of \d.* MiB: aws ecr put-account-setting --name BLOB_MOUNTING --value ENABLED --region us-east-2$/,
      ),
    ])
    expect(operations(world.sandbox, 'aws')['mount']).toBeUndefined()
  })

  test('are sent, and the run continues, if the setting cannot be read', async ({
    world: make,
  }) => {
    const world = await make(off)
    world.sandbox.setCredentials('denied', ['GetAccountSetting'])
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/allow ecr:GetAccountSetting, or set --mount on/)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('are sent when ECR refuses every mount; uploads that it opened for them are closed again', async ({
    world: make,
  }) => {
    const world = await make(off)
    const { code, stderr } = await world.mirror(['--mount', 'on', '--concurrency', '1'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    const { uploadDelete = 0 } = operations(world.sandbox, 'aws')
    expect(uploadDelete).toBeGreaterThan(0)
  })

  test('are not requested from a repository with another key', async ({ world: make }) => {
    const world = await make(on)
    world.sandbox.createEcrRepository(imagePlace(sidecar).repository, {
      settings: {
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:us-east-2:1:key/a' },
      },
    })
    const { code, stderr } = await world.mirror(['--only', sidecar, '--mount', 'on'])
    expect(code, stderr).toBe(0)
    const second = await world.mirror(['--only', kaniko, '--mount', 'on'])
    expect(second.code, second.stderr).toBe(0)
    expect(operations(world.sandbox, 'aws')['uploadDelete']).toBeUndefined()
    expect(faultsOfCopies(world.sandbox, [sidecar, kaniko])).toEqual([])
  })

  test('are found in content from an earlier run', async ({ world: make }) => {
    const world = await make(on)
    await world.mirror(['--only', sidecar])
    const before = weigh(world.sandbox)
    world.sandbox.resetCounters()
    const { code, stderr } = await world.mirror(['--only', kaniko])
    expect(code, stderr).toBe(0)
    const after = weigh(world.sandbox)
    expect(after.all - before.all).toBeGreaterThan(after.unique - before.unique)
    expect(traffic(world).up).toBeLessThan((after.unique - before.unique) * slack + manifestBytes)
  })
})

describe.concurrent('layers that images of Docker Hub share cross the wire once each way', () => {
  const hub = [
    'docker.io/amazon/aws-cli:2.25.11',
    'docker.io/jaegertracing/jaeger-cassandra-schema:1.53.0',
    'docker.io/jaegertracing/jaeger-collector:1.53.0',
    'docker.io/jaegertracing/jaeger-query:1.53.0',
    'docker.io/library/busybox:1.35',
    'docker.io/library/busybox:latest',
    'docker.io/library/cassandra:3.11.6',
  ] as const
  const login = { DOCKERHUB_USERNAME: 'someone', DOCKERHUB_TOKEN: 'a-hub-secret' }
  test.for([
    ['to whoever comes', { limits: { dockerHubPulls: 'unlimited' } }, {}],
    ['to those who have a plan', {}, login],
  ] as const)('when it announces no limit %s', async ([, limits, env], { world: make }) => {
    const world = await make({ images: hub, sandbox: { ...on.sandbox, ...limits } })
    const { code, stderr } = await world.mirror(['--mount', 'on'], { env })
    expect(code, stderr).toBe(0)
    const { unique, all } = weigh(world.sandbox)
    const { up, down } = traffic(world)
    expect(all).toBeGreaterThan(unique * 1.1)
    expect(up).toBeLessThan(unique * slack)
    expect(down).toBeLessThan(unique * slack)
  })
})

describe.concurrent('the layers of images', () => {
  test('are written to the lock after a copy, and cost no request the next time', async ({
    world: make,
  }) => {
    const world = await make(on)
    const first = await world.mirror(['--mount', 'off', '--update-lock'])
    expect(first.code, first.stderr).toBe(0)
    expect(first.stderr).toMatch(/5 images written to .*private-ecr-lock\.json/)
    const file = join(dirname(world.manifestFile), 'private-ecr-lock.json')
    const lock: Lock = JSON.parse(await readFile(file, 'utf8'))
    expect(Object.keys(lock.images)).toEqual([...images].toSorted())
    expect(lock.images[sidecar]).toMatchObject({
      digest: world.sandbox.upstreamDigest(sidecar),
      children: [
        { platform: { architecture: 'amd64' }, blobs: expect.anything() },
        { platform: { architecture: 'arm64' }, blobs: expect.anything() },
      ],
    })
    const pulled = operations(world.sandbox, 'sources')['manifestGet']
    world.sandbox.resetEcr({ blobMounting: true })
    world.sandbox.resetCounters()
    const second = await world.mirror()
    expect(second.code, second.stderr).toBe(0)
    expect(operations(world.sandbox, 'sources')['manifestGet']).toBe(pulled)
    expect(traffic(world).up).toBeLessThan(weigh(world.sandbox).unique * slack + manifestBytes)
    await rm(file)
  })

  test('are not requested from Docker Hub if its quota would not suffice for the copies', async ({
    world: make,
  }) => {
    const hub = ['docker.io/library/busybox:1.35', 'docker.io/amazon/aws-cli:2.25.11'] as const
    const world = await make({
      images: hub,
      sandbox: { ecr: { blobMounting: true }, limits: { dockerHubPulls: 10 } },
    })
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    // An index and two children for each.
    expect(operations(world.sandbox, 'sources')['manifestGet']).toBe(6)
  })
})
