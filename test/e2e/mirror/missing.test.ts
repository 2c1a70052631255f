import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Report } from '../../../scripts/lib/mirror/report/report.ts'
import { images, kubectl, operator } from '../support/images.ts'
import { chartPlace, faultsOfCopies, imagePlace, operations, writes } from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

// Items that disappeared from their sources, and the effect on the others.

const kafka = [
  'quay.io/strimzi/kafka:0.47.0-kafka-3.9.0',
  'quay.io/strimzi/kafka:0.47.0-kafka-4.0.0',
] as const

interface Vanished {
  readonly what: string
  readonly images: readonly string[]
  readonly gone: string
  readonly kind: string
}

const vanished: readonly Vanished[] = [
  { what: 'a tag', images: [...kafka, kubectl], gone: kafka[1], kind: 'not-found' },
  { what: 'a repository whose registry says so', images, gone: kubectl, kind: 'not-found' },
  {
    what: 'a repository whose registry only denies it',
    images: [...images, kafka[0]],
    gone: operator,
    kind: 'unauthorized',
  },
]

async function reportOf({ home, registry }: World): Promise<Report> {
  const file = join(home, '../state', registry, 'last-report.json')
  return JSON.parse(await readFile(file, 'utf8')) as Report
}

describe.concurrent('an image that vanished', () => {
  const cases = vanished.map((one) => [one.what, one] as const)

  test.for(cases)(
    'stops the run, which names the next step: %s',
    async ([, one], { world: make }) => {
      const world = await make({ images: one.images })
      world.sandbox.removeUpstream(one.gone)
      const { code, stderr, stdout } = await world.mirror()
      expect(code, stderr).toBe(3)
      expect(stderr).toMatch(
        /^ {2}→ .*; to mirror the rest, rerun with --on-missing skip, or leave this one out with --exclude$/m,
      )
      expect(stdout).toBe('')
      expect(writes(world.sandbox)).toBe(0)
    },
  )

  test.for(cases)('is left out with --on-missing skip: %s', async ([, one], { world: make }) => {
    const world = await make({ images: one.images })
    world.sandbox.removeUpstream(one.gone)
    const page = join(await world.folderOf('out'), 'report.html')
    const { code, stderr, stdout } = await world.mirror(['--on-missing', 'skip', '--report', page])
    expect(code, stderr).toBe(1)
    const rest = one.images.filter((name) => name !== one.gone)
    expect(faultsOfCopies(world.sandbox, rest)).toEqual([])
    const { repository, tag } = imagePlace(one.gone)
    const isShared = rest.some((name) => imagePlace(name).repository === repository)
    if (!isShared) expect(world.sandbox.ecrRepositories()).not.toContain(repository)
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    expect(stderr).toContain(one.gone)
    expect(stdout).toContain('1 of ')
    expect(stdout).toMatch(/^Not in the registry because its source does not have it:$/m)
    expect(stdout).toContain(`  ${world.registry}/${repository}:${tag}`)
    const { outcomes, counts } = await reportOf(world)
    expect(counts).toMatchObject({ copied: rest.length, failed: 1 })
    expect(outcomes.find(({ name }) => name === one.gone)).toMatchObject({
      status: 'failed',
      problem: { kind: one.kind, side: 'source' },
    })
    expect(await readFile(page, 'utf8')).toContain(`<span class="name">${one.gone}</span>`)
  })

  test('is named again with the charts whose values point to it', async ({ world: make }) => {
    const world = await make({ charts: ['etcd-operator'] })
    const gone = 'gcr.io/kubebuilder/kube-rbac-proxy:v0.16.0'
    world.sandbox.removeUpstream(gone)
    const { code, stderr, stdout } = await world.mirror(['--on-missing', 'skip'])
    expect(code, stderr).toBe(1)
    const { repository, tag } = imagePlace(gone)
    expect(stdout).toContain(
      `  ${world.registry}/${repository}:${tag} (the values of etcd-operator point to it)\n`,
    )
  })

  test('does not hide a registry that denies all access', async ({ world: make }) => {
    const world = await make({ images: [...kafka, kubectl] })
    world.sandbox.addFault({ host: 'quay.io', operation: 'manifestHead', effect: { status: 401 } })
    const { code, stderr } = await world.mirror(['--on-missing', 'skip'])
    expect(code, stderr).toBe(3)
    expect(stderr).toMatch(/→ check that the name exists on "quay\.io", or provide credentials/)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('does not let a run skip a source that is down', async ({ world: make }) => {
    const world = await make({ images })
    world.sandbox.addFault({ host: 'quay.io', effect: { status: 500 } })
    const { code, stderr } = await world.mirror(['--on-missing', 'skip'])
    expect(code, stderr).toBe(3)
    expect(writes(world.sandbox)).toBe(0)
  })
})

describe.concurrent('a chart that vanished', () => {
  const charts = ['fluent-bit', 'etcd-operator'] as const
  const index = (entries: string) => ({
    status: 200,
    body: `apiVersion: v1\nentries: ${entries}\n`,
  })

  test.for([
    ['its version', { host: 'fluent.github.io', effect: index('{ fluent-bit: [] }') }],
    ['its repository', { host: 'fluent.github.io', effect: { status: 404 } }],
    ['its archive', { operation: 'chartArchive', effect: { status: 404 } }],
  ] as const)('with %s does not stop the rest', async ([, rule], { world: make }) => {
    const world = await make({ charts })
    world.sandbox.addFault(rule)
    const { code, stderr, stdout } = await world.mirror(['--on-missing', 'skip'])
    expect(code, stderr).toBe(1)
    expect(stderr.match(/^error:/gm)).toHaveLength(1)
    const references = world.manifest.images.map(({ reference }) => reference)
    expect(faultsOfCopies(world.sandbox, references)).toEqual([])
    const [there] = world.manifest.charts.filter(({ name }) => name === 'etcd-operator')
    const place = there && chartPlace(there)
    expect(world.sandbox.ecrImages(place?.repository ?? '')?.tags).toHaveProperty(place?.tag ?? '')
    const { outcomes } = await reportOf(world)
    expect(outcomes.filter(({ status }) => status === 'failed')).toMatchObject([
      { kind: 'chart', problem: { kind: 'not-found', side: 'source' } },
    ])
    expect(stdout).toMatch(/^ {2}\S+\/charts\/fluent-bit:0\.49\.0 \(chart fluent-bit 0\.49\.0\)$/m)
  })
})

describe.concurrent('a repository that was created for an item that then failed', () => {
  test('is named with the failure and the next step', async ({ world: make }) => {
    const world = await make({ images })
    const { repository } = imagePlace(operator)
    world.sandbox.addFault({ host: 'quay.io', operation: 'blobGet', effect: { status: 403 } })
    const page = join(await world.folderOf('out'), 'report.html')
    const { code, stderr, stdout } = await world.mirror(['--report', page])
    expect(code, stderr).toBe(1)
    expect(world.sandbox.ecrImages(repository)?.tags).toEqual({})
    expect(stdout).toContain(
      `Created but empty (1 repository):\n  ${repository}\n  → rerun the same command to fill it`,
    )
    const { outcomes, repositoriesEmpty } = await reportOf(world)
    expect(repositoriesEmpty).toEqual([repository])
    expect(outcomes.map(({ emptyRepository }) => emptyRepository)).toEqual(
      outcomes.map(({ name }) => (name === operator ? repository : undefined)),
    )
    const html = await readFile(page, 'utf8')
    expect(html).toContain(`repository ${repository} was created but is empty`)
    expect(html).toMatch(/<summary>Created but empty \([^<]*\): 1<\/summary>/)
  })

  test('is named when the run is interrupted', async ({ world: make }) => {
    const world = await make({ images })
    world.sandbox.addFault({ host: 'quay.io', operation: 'blobGet', effect: { stall: true } })
    const running = world.startMirror()
    await running.saw(/copied registry\.k8s\.io/)
    running.kill('SIGINT')
    const { code, stdout } = await running.result
    expect(code).toBe(130)
    expect(stdout).toContain(
      `Created but empty (1 repository):\n  ${imagePlace(operator).repository}\n`,
    )
  })

  test('is not named when it is filled, or when it existed before', async ({ world: make }) => {
    const world = await make({ images })
    world.sandbox.createEcrRepository(imagePlace(operator).repository)
    world.sandbox.addFault({ host: 'quay.io', operation: 'blobGet', effect: { status: 403 } })
    const { code, stderr, stdout } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stdout).not.toMatch(/but (is )?empty/)
    expect((await reportOf(world)).repositoriesEmpty).toEqual([])
  })
})

test('a second run requests missing items, and nothing else', async ({ world: make }) => {
  const world = await make({ images })
  world.sandbox.removeUpstream(kubectl)
  await world.mirror(['--on-missing', 'skip'])
  world.sandbox.resetCounters()
  const { code, stderr } = await world.mirror(['--on-missing', 'skip'])
  expect(code, stderr).toBe(1)
  expect(Object.keys(operations(world.sandbox, 'sources')).toSorted()).toEqual([
    'manifestGet',
    'manifestHead',
    'ping',
  ])
  expect(writes(world.sandbox)).toBe(0)
})
