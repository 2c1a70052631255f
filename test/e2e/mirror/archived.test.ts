import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Report } from '../../../scripts/lib/mirror/report/report.ts'
import { images, kubectl, operator } from '../support/images.ts'
import {
  chartPlace,
  digestAt,
  faultsOfCopies,
  imagePlace,
  operations,
  writes,
} from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

// Images that ECR has but does not serve: archived ones, and others.

const place = imagePlace(operator)
const restores = { ecr: { restoreMilliseconds: 1500 } } as const

/** The operator is in ECR's archive, kubectl is not there yet. */
async function makeArchived(
  make: (options: object) => Promise<World>,
  sandbox: object = {},
): Promise<World> {
  const world = await make({ images, sandbox })
  world.sandbox.putEcrImage(place.repository, place.tag, operator)
  world.sandbox.archiveEcrImage(place.repository, place.tag)
  return world
}

async function reportOf({ home, registry }: World): Promise<Report> {
  const file = join(home, '../state', registry, 'last-report.json')
  return JSON.parse(await readFile(file, 'utf8')) as Report
}

const command = (world: World) =>
  `aws ecr update-image-storage-class --repository-name ${place.repository} --image-id imageDigest=${world.sandbox.upstreamDigest(operator)} --target-storage-class STANDARD --registry-id ${world.registry.slice(0, 12)} --region us-east-2`

describe.concurrent('an archived image', () => {
  test('does not stop a plan, which names it and the command that restores it', async ({
    world: make,
  }) => {
    const world = await makeArchived(make)
    const { code, stdout, stderr } = await world.mirror(['--plan'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(
      /^BLOCKED {2}quay\.io\/strimzi\/operator:0\.47\.0 .* present, archived$/m,
    )
    expect(stdout).toMatch(/^copy {5}registry\.k8s\.io\/kubectl/m)
    expect(stderr).toContain(command(world))
    expect(writes(world.sandbox)).toBe(0)
    const plan = await world.mirror(['--plan', '--output', 'json'])
    const { steps } = JSON.parse(plan.stdout) as { steps: readonly { name: string }[] }
    expect(steps.find(({ name }) => name === operator)).toMatchObject({
      action: 'blocked',
      comparison: 'archived',
      unreadable: { state: 'archived', digest: world.sandbox.upstreamDigest(operator) },
    })
  })

  test('is a problem of its own, and the others are mirrored', async ({ world: make }) => {
    const world = await makeArchived(make)
    const { code, stderr, stdout } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(faultsOfCopies(world.sandbox, [kubectl])).toEqual([])
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    expect(stderr).toMatch(/error: "\S+strimzi\/operator:0\.47\.0" is archived in ECR/)
    expect(stderr).toContain(command(world))
    expect(stderr).toMatch(/→ .*--on-archived restore.*--on-archived copy/)
    expect(stdout).toContain('1 of 2 items needs attention')
    const { outcomes } = await reportOf(world)
    expect(outcomes.find(({ name }) => name === operator)).toMatchObject({
      status: 'failed',
      comparison: 'archived',
      problem: { kind: 'archived', side: 'target' },
    })
    // It is the same with nothing else to do; tools and sources are of no concern then.
    world.sandbox.resetCounters()
    const again = await world.mirror()
    expect(again.code, again.stderr).toBe(1)
    expect(operations(world.sandbox, 'sources')).toEqual({})
    expect(writes(world.sandbox)).toBe(0)
  })

  test('is restored on request, with the platforms beneath it, and asks no source', async ({
    world: make,
  }) => {
    const world = await makeArchived(make, restores)
    const { code, stderr, stdout } = await world.mirror(['--on-archived', 'restore'])
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^! waiting for ECR to restore 1 archived image/m)
    expect(stdout).toMatch(/restored/)
    for (const digest of world.sandbox.ecrImages(place.repository)?.manifests ?? []) {
      expect(world.sandbox.ecrImageStatus(place.repository, digest)).toBe('ACTIVE')
    }
    expect(world.sandbox.counters()['quay.io']).toBeUndefined()
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
    world.sandbox.resetCounters()
    const again = await world.mirror(['--on-archived', 'restore'])
    expect([again.code, writes(world.sandbox)]).toEqual([0, 0])
  })

  test('is copied again on request, which restores it at once', async ({ world: make }) => {
    const world = await makeArchived(make)
    const { code, stderr } = await world.mirror(['--on-archived', 'copy'])
    expect(code, stderr).toBe(0)
    for (const digest of world.sandbox.ecrImages(place.repository)?.manifests ?? []) {
      expect(world.sandbox.ecrImageStatus(place.repository, digest)).toBe('ACTIVE')
    }
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('is not replaced by the image that its tag now points to upstream', async ({
    world: make,
  }) => {
    const world = await makeArchived(make)
    const old = digestAt(world.sandbox, place)
    world.sandbox.replaceUpstream(operator)
    const { code, stderr } = await world.mirror(['--on-archived', 'copy'])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/error: ".*" differs from/)
    expect(digestAt(world.sandbox, place)).toBe(old)
    const replaced = await world.mirror(['--on-archived', 'copy', '--existing', 'overwrite'])
    expect(replaced.code, replaced.stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('that is already being restored is waited for or named', async ({ world: make }) => {
    const world = await makeArchived(make, { ecr: { restoreMilliseconds: 6_000_000 } })
    const first = await world.mirror(['--on-archived', 'restore', '--deadline', '2'])
    expect(first.code, first.stderr).toBe(1)
    expect(first.stderr).toMatch(/error: ECR did not restore "\S+" within 2 s/)
    const second = await world.mirror()
    expect(second.code, second.stderr).toBe(1)
    expect(second.stderr).toMatch(/error: "\S+" is being restored from ECR's archive/)
  })

  test('can be interrupted while it is waited for', async ({ world: make }) => {
    const world = await makeArchived(make, { ecr: { restoreMilliseconds: 6_000_000 } })
    const running = world.startMirror(['--on-archived', 'restore'])
    await running.saw(/copied registry\.k8s\.io/)
    running.kill('SIGINT')
    const { code, stdout } = await running.result
    expect(code, stdout).toBe(130)
    expect((await reportOf(world)).counts).toMatchObject({ copied: 1, interrupted: 1 })
  })

  test('is not recognized without the permission, which is named', async ({ world: make }) => {
    const world = await makeArchived(make)
    world.sandbox.setCredentials('denied', ['DescribeImages'])
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stderr).toContain('ImageInaccessible')
    expect(stderr).toMatch(/→ allow ecr:DescribeImages/)
    expect(faultsOfCopies(world.sandbox, [kubectl])).toEqual([])
  })
})

describe.concurrent('an archived chart', () => {
  test.for([
    [['--on-archived', 'restore'], 0, 'ACTIVE'],
    [['--on-archived', 'copy'], 0, 'ACTIVE'],
    [['--existing', 'verify'], 1, 'ARCHIVED'],
  ] as const)('ends under %j with %i, and is %s', async ([args, code, status], { world: make }) => {
    const world = await make({ charts: ['fluent-bit'], sandbox: restores })
    const only = ['--charts-only']
    expect((await world.mirror(only)).code).toBe(0)
    const [chart] = world.manifest.charts
    const { repository = '', tag = '' } = (chart && chartPlace(chart)) ?? {}
    world.sandbox.archiveEcrImage(repository, tag)
    const result = await world.mirror([...only, ...args])
    expect(result.code, result.stderr).toBe(code)
    expect(world.sandbox.ecrImageStatus(repository, tag)).toBe(status)
  })
})

describe.concurrent('an image that ECR does not return for another reason', () => {
  test.for([
    ['KmsError', 'access-denied'],
    ['UpstreamAccessDenied', 'access-denied'],
    ['UpstreamTooManyRequests', 'rate-limited'],
    ['UpstreamUnavailable', 'server-error'],
    ['ImageReferencedByManifestList', 'conflict'],
    ['SomethingNew', 'unknown'],
  ])('%s concerns that image alone', async ([failureCode, kind], { world: make }) => {
    const world = await make({ images })
    world.sandbox.putEcrImage(place.repository, place.tag, operator)
    const failure = { failureCode: failureCode ?? '', failureReason: 'because' }
    world.sandbox.failEcrImage(place.repository, place.tag, failure)
    const planned = await world.mirror(['--plan'])
    expect(planned.code, planned.stderr).toBe(0)
    const { code, stderr } = await world.mirror(['--on-archived', 'restore'])
    expect(code, stderr).toBe(1)
    expect(stderr).toContain(`cannot be read: ${failureCode}: because`)
    expect(faultsOfCopies(world.sandbox, [kubectl])).toEqual([])
    const { outcomes } = await reportOf(world)
    expect(outcomes.find(({ name }) => name === operator)).toMatchObject({
      status: 'failed',
      comparison: 'unreadable',
      problem: { kind, side: 'target' },
    })
  })
})
