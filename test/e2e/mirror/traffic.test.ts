import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Report } from '../../../scripts/lib/mirror/report/report.ts'
import type { FaultRule } from '../../../scripts/sandbox/net/faults.ts'
import { imagePlace, operations } from '../support/stores.ts'
import { test, type World, type WorldOptions } from '../support/world.ts'

// The bytes in the report, compared with those that the sandbox's ECR received.

const sidecar = 'quay.io/kiwigrid/k8s-sidecar:1.30.0'
const kaniko = 'quay.io/strimzi/kaniko-executor:0.47.0'
const shared = [sidecar, kaniko, 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0']
const hub = ['docker.io/library/busybox:1.35', 'docker.io/amazon/aws-cli:2.25.11']
const mounting = { scale: 0.5, ecr: { blobMounting: true } } as const
const sent = { scale: 0.5 } as const

interface Case {
  readonly what: string
  readonly options: WorldOptions
  readonly args?: readonly string[]
  readonly prepare?: (world: World) => Promise<void> | void
  readonly code?: number
  /** What else the bytes have to be. */
  readonly expected?: Partial<Record<keyof Report['bytes'], unknown>>
}

const some = expect.toSatisfy((bytes: number) => bytes > 0)

/** A lock of all images, and an empty registry. */
async function makeLock({ mirror, sandbox }: World): Promise<void> {
  const { code, stderr } = await mirror(['--update-lock', '--mount', 'off'])
  expect(code, stderr).toBe(0)
  sandbox.resetEcr({ blobMounting: true })
}

/** Another revision of the first image in ECR than upstream. */
function outdate({ sandbox }: World, settings: object = {}): void {
  const { repository, tag } = imagePlace(sidecar)
  sandbox.createEcrRepository(repository, { settings })
  sandbox.putEcrImage(repository, tag, sidecar)
  sandbox.replaceUpstream(sidecar)
}

const fault =
  (rule: FaultRule) =>
  ({ sandbox }: World) =>
    void sandbox.addFault(rule)

const cases: readonly Case[] = [
  {
    what: 'of images whose layers nobody knew, without mounts',
    options: { images: shared, sandbox: sent },
    args: ['--mount', 'off'],
    expected: { mounted: 0, present: 0, unknown: 0 },
  },
  {
    what: 'of images whose layers nobody knew, with mounts',
    options: { images: shared, sandbox: mounting },
    expected: { mounted: some, present: 0, unknown: 0 },
  },
  {
    what: 'of images in a lock, without mounts',
    options: { images: shared, sandbox: mounting },
    args: ['--mount', 'off'],
    prepare: makeLock,
    expected: { mounted: 0, present: 0, unknown: 0 },
  },
  {
    what: 'of images in a lock, with mounts',
    options: { images: shared, sandbox: mounting },
    prepare: makeLock,
    expected: { mounted: some, present: 0, unknown: 0 },
  },
  {
    what: 'of Docker Hub images that its quota lets nobody look into',
    options: { images: hub, sandbox: { ...mounting, limits: { dockerHubPulls: 10 } } },
    expected: { unknown: 0 },
  },
  {
    what: 'of an image that replaces another with the same base',
    options: { images: shared, sandbox: sent },
    args: ['--existing', 'overwrite'],
    prepare: outdate,
    expected: { present: some, unknown: 0 },
  },
  {
    what: 'of an image that replaces another under an immutable tag',
    options: { images: [sidecar], sandbox: sent },
    args: ['--existing', 'overwrite', '--replace-immutable'],
    prepare: (world) => outdate(world, { imageTagMutability: 'IMMUTABLE' }),
    expected: { present: some, unknown: 0 },
  },
  {
    what: 'of platforms that were picked out of images',
    options: { images: shared, sandbox: mounting },
    args: ['--platform', 'linux/amd64'],
    expected: { unknown: 0 },
  },
  {
    what: 'of an index with some platforms of an image',
    options: { images: shared, sandbox: mounting },
    args: ['--platform', 'linux/amd64,linux/arm64'],
    expected: { unknown: 0 },
  },
  {
    what: 'of blobs that ECR receives in full and then refuses',
    options: { images: shared, sandbox: sent },
    args: ['--mount', 'off'],
    prepare: fault({
      host: '*.dkr.ecr.*',
      operation: 'uploadPut',
      times: 5,
      effect: { status: 500 },
    }),
    expected: { unknown: 0, brokenOff: 0 },
  },
  {
    what: 'of copies that fail with their last request and are repeated',
    options: { images: shared, sandbox: sent },
    args: ['--mount', 'off'],
    prepare: fault({
      host: '*.dkr.ecr.*',
      operation: 'manifestPut',
      times: 9,
      effect: { status: 503 },
    }),
    expected: { unknown: 0 },
  },
  {
    what: 'of charts, of their repositories and of a registry',
    options: { charts: ['fluent-bit', 'etcd-operator', 'localstack'], sandbox: { scale: 0.5 } },
    args: ['--charts-only'],
    expected: { sent: some, mounted: 0, present: 0, unknown: 0 },
  },
  {
    what: 'of charts whose push fails and is repeated',
    options: { charts: ['fluent-bit'], sandbox: { scale: 0.5 } },
    args: ['--charts-only'],
    prepare: fault({
      host: '*.dkr.ecr.*',
      operation: 'manifestPut',
      times: 6,
      effect: { status: 500 },
    }),
    expected: { sent: some, unknown: 0 },
  },
]

describe.concurrent('the report counts the bytes on the wire', () => {
  test.for(cases.map((one) => [one.what, one] as const))('%s', async ([, one], { world: make }) => {
    const world = await make(one.options)
    await one.prepare?.(world)
    world.sandbox.resetCounters()
    const page = join(await world.folderOf('out'), 'report.html')
    const args = ['--output', 'json', '--report', page, ...(one.args ?? [])]
    const { code, stdout, stderr } = await world.mirror(args)
    expect(code, stderr).toBe(one.code ?? 0)
    const { bytes }: Report = JSON.parse(stdout)
    const wire = world.sandbox.counters()[world.registry]?.bytesIn ?? 0
    expect(Math.abs(bytes.sent - wire) / wire, `${bytes.sent} of ${wire}`).toBeLessThan(0.01)
    expect(bytes).toMatchObject(one.expected ?? {})
  })
})

describe('a copy that fails for good', () => {
  test('counts completed blobs, and reports that more may have been sent', async ({
    world: make,
  }) => {
    const world = await make({ images: shared, sandbox: sent })
    world.sandbox.addFault({
      host: '*.dkr.ecr.*',
      path: `/v2/${imagePlace(sidecar).repository}/manifests/*`,
      method: 'PUT',
      effect: { status: 403 },
    })
    const { code, stdout, stderr } = await world.mirror(['--mount', 'off'])
    expect(code, stderr).toBe(1)
    expect(stdout).toMatch(/^Sent \d[\d.]* [KM]iB\.$/m)
    expect(stdout).toMatch(/^1 attempt failed; bytes of unfinished blobs are not counted\.$/m)
    const report = join(world.home, '../state', world.registry, 'last-report.json')
    const { outcomes }: Report = JSON.parse(await readFile(report, 'utf8'))
    expect(outcomes.find(({ name }) => name === sidecar)).toMatchObject({
      status: 'failed',
      blobs: some,
      bytes: some,
      brokenOff: 1,
    })
  })
})

describe('data collected for the report', () => {
  test('costs no request to a source, not even in a second run', async ({ world: make }) => {
    const world = await make({ images: shared, sandbox: sent })
    const { code, stderr } = await world.mirror(['--mount', 'off'])
    expect(code, stderr).toBe(0)
    // An index and two children for each, as crane reads them.
    expect(operations(world.sandbox, 'sources')['manifestGet']).toBe(9)
    world.sandbox.resetCounters()
    const again = await world.mirror(['--mount', 'off'])
    expect(again.code, again.stderr).toBe(0)
    expect(operations(world.sandbox, 'sources')).toEqual({})
  })
})
