import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { compareText } from '../../../scripts/lib/model/collections.ts'
import { images, kubectl, operator } from '../support/images.ts'
import { kubectlPlace, operatorPlace } from '../support/repositories.ts'
import { operations, writes } from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

const empty = 'charts/old'
/** By another tool, under the name of a layout; by this kit, under another name; and neither. */
const keepers = ['mirrored/by/hand', 'old/empty', 'somebody/elses', 'team/app'] as const

/** Two repositories of ours with an image each, one that is ours and empty, and those of others. */
function fill({ sandbox }: World): void {
  const own = { tags: { 'chart-syncer': 'true', team: 'a' } }
  for (const [place, image] of [
    [operatorPlace, operator],
    [kubectlPlace, kubectl],
  ] as const) {
    sandbox.createEcrRepository(place, own)
    sandbox.putEcrImage(place, '1', image)
  }
  sandbox.createEcrRepository(empty, { tags: { 'chart-syncer': 'true', team: 'b' } })
  sandbox.createEcrRepository('old/empty', { tags: { 'chart-syncer': 'true', team: 'b' } })
  sandbox.createEcrRepository('mirrored/by/hand')
  sandbox.createEcrRepository('somebody/elses')
  sandbox.createEcrRepository('team/app', { tags: { 'chart-syncer': 'false' } })
}

const ours = [operatorPlace, kubectlPlace, empty].toSorted(compareText)
const mirrored = { kind: 'root', path: 'mirrored' }
const everything = [...ours, ...keepers].toSorted(compareText)
const cleanUp = (world: World, ...args: readonly string[]) =>
  world.script('cleanup-ecr.ts', ['--target-registry', world.registry, ...args])

describe.concurrent('the clean-up', () => {
  test('lists repositories with the tag or in a layout, and deletes nothing without --confirm', async ({
    world: make,
  }) => {
    const world = await make({ images })
    fill(world)
    const { code, stdout, stderr } = await cleanUp(world)
    expect(code, stderr).toBe(0)
    const rows = stdout.split('\n').map((row) => row.replaceAll(/ {2,}/g, ' | '))
    expect(rows).toEqual([
      `delete | ${empty} | tag chart-syncer=true | under charts/`,
      'keep | mirrored/by/hand | no tag chart-syncer=true | under mirrored/',
      ...[operatorPlace, kubectlPlace]
        .toSorted(compareText)
        .map((place) => `delete | ${place} | tag chart-syncer=true | under mirrored/`),
      'keep | old/empty | tag chart-syncer=true | not in scope',
      '2 other repositories kept',
      'to clean up other repositories, specify their manifest with --manifest or their path with --prefix',
      'nothing was deleted; use --confirm to delete 3 repositories with all their images',
      '',
    ])
    expect(world.sandbox.ecrRepositories()).toEqual(everything)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('deletes them with --confirm, including images, in the registry of the credentials', async ({
    world: make,
  }) => {
    const world = await make({ images })
    fill(world)
    const { code, stdout, stderr } = await world.script('cleanup-ecr.ts', ['--confirm'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/\n3 repositories deleted\n$/)
    expect(world.sandbox.ecrRepositories()).toEqual([...keepers])
    const again = await cleanUp(world, '--confirm')
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(/\n0 repositories deleted\n$/)
  })

  test('keeps repositories that a kept manifest uses, and reports it', async ({ world: make }) => {
    const world = await make({ images })
    fill(world)
    const kept = world.manifest.images.filter(({ reference }) => reference === operator)
    const text = JSON.stringify({ ...world.manifest, images: kept })
    const manifest = await world.write('kept.json', text)
    const { code, stdout, stderr } = await cleanUp(
      world,
      '--keep',
      manifest,
      '--confirm',
      '--output',
      'json',
    )
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      registry: world.registry,
      deleted: true,
      tag: 'chart-syncer=true',
      repositories: [
        {
          repository: operatorPlace,
          action: 'keep',
          reason: 'in-use',
          hasTag: true,
          place: mirrored,
        },
        {
          repository: kubectlPlace,
          action: 'delete',
          reason: 'tag-and-place',
          hasTag: true,
          place: mirrored,
        },
        {
          repository: empty,
          action: 'delete',
          reason: 'tag-and-place',
          hasTag: true,
          place: { kind: 'root', path: 'charts' },
        },
        {
          repository: 'mirrored/by/hand',
          action: 'keep',
          reason: 'tag',
          hasTag: false,
          place: mirrored,
        },
        { repository: 'old/empty', action: 'keep', reason: 'place', hasTag: true, place: null },
      ].toSorted((a, b) => (a.repository < b.repository ? -1 : 1)),
      others: 2,
    })
    expect(world.sandbox.ecrRepositories()).toEqual(
      [operatorPlace, ...keepers].toSorted(compareText),
    )
  })

  test('keeps repositories that a kept manifest uses under a prefix and at the root', async ({
    world: make,
  }) => {
    const world = await make({ images: [operator] })
    const tags = { 'chart-syncer': 'true' }
    world.sandbox.createEcrRepository(`team/${operatorPlace}`, { tags })
    world.sandbox.createEcrRepository(operatorPlace, { tags })
    world.sandbox.createEcrRepository('team/other/thing', { tags })
    const { code, stderr } = await cleanUp(
      world,
      '--keep',
      world.manifestFile,
      '--prefix',
      'team',
      '--confirm',
    )
    expect(code, stderr).toBe(0)
    expect(world.sandbox.ecrRepositories()).toEqual([operatorPlace, `team/${operatorPlace}`])
  })

  test('knows them in both layouts', async ({ world: make }) => {
    const world = await make({ charts: ['etcd-operator'] })
    const used = [
      'charts/etcd-operator',
      'etcd-operator',
      'etcd-operator/etcd-operator',
      'mirrored/ghcr.io/aenix-io/etcd-operator',
    ]
    const others = ['etcd-operator/other', 'etcd-operator-2/x', 'mirrored/quay.io/other', 'shop']
    for (const name of [...used, ...others]) {
      world.sandbox.createEcrRepository(name, { tags: { 'chart-syncer': 'true' } })
    }
    const both = ['--manifest', world.manifestFile, '--keep', world.manifestFile, '--confirm']
    const first = await cleanUp(world, ...both)
    expect(first.code, first.stderr).toBe(0)
    const left = [...used, ...others.slice(1)].toSorted(compareText)
    expect(world.sandbox.ecrRepositories().toSorted(compareText)).toEqual(left)
    const { code, stdout, stderr } = await cleanUp(world, ...both.slice(0, 2), '--confirm')
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^delete +etcd-operator +tag chart-syncer=true +in the manifest$/m)
    expect(world.sandbox.ecrRepositories()).toEqual(others.slice(1))
  })

  test('uses another tag with --tag', async ({ world: make }) => {
    const world = await make({ images })
    fill(world)
    const { code, stderr } = await cleanUp(world, '--tag', 'team=b', '--confirm')
    expect(code, stderr).toBe(0)
    expect(world.sandbox.ecrRepositories()).toEqual(everything.filter((name) => name !== empty))
  })

  test('names repositories that could not be deleted, and the next run deletes them', async ({
    world: make,
  }) => {
    const world = await make({ images })
    fill(world)
    const remove = world.sandbox.addFault({
      operation: 'DeleteRepository',
      after: 2,
      effect: {
        status: 400,
        body: JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }),
        headers: { 'content-type': 'application/x-amz-json-1.1' },
      },
    })
    const first = await cleanUp(world, '--confirm')
    expect(first.code).toBe(1)
    expect(first.stdout).toMatch(/\n2 repositories deleted\n$/)
    expect(first.stderr).toMatch(/^error: .*ecr:DeleteRepository/m)
    remove()
    const second = await cleanUp(world, '--confirm')
    expect(second.code, second.stderr).toBe(0)
    expect(world.sandbox.ecrRepositories()).toEqual([...keepers])
  })

  test('can be interrupted, and the next one finishes it', async ({ world: make }) => {
    const world = await make({ images })
    const tags = { 'chart-syncer': 'true' }
    for (let index = 0; index < 40; index += 1) {
      world.sandbox.createEcrRepository(`mirrored/number-${index}`, { tags })
    }
    const remove = world.sandbox.addFault({
      operation: 'DeleteRepository',
      effect: { latency: 200 },
    })
    const running = world.start('cleanup-ecr.ts', [
      '--target-registry',
      world.registry,
      '--confirm',
    ])
    await expect
      .poll(() => operations(world.sandbox, 'aws')['DeleteRepository'] ?? 0, { timeout: 30_000 })
      .toBeGreaterThan(8)
    running.kill('SIGINT')
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(130)
    expect(stderr).not.toContain('error:')
    // What was on its way when the run ended is carried out all the same.
    await sleep(1_000)
    const left = world.sandbox.ecrRepositories().length
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(40)
    remove()
    const second = await cleanUp(world, '--confirm')
    expect(second.code, second.stderr).toBe(0)
    expect(second.stdout).toContain(`${left} repositories deleted`)
    expect(world.sandbox.ecrRepositories()).toEqual([])
  })

  test.for([
    [
      'a tag without a value',
      ['--tag', 'chart-syncer'],
      /invalid --tag "chart-syncer"\n {2}→ use the form key=value/,
    ],
    ['a manifest that is not there', ['--keep', 'nowhere.ts'], /nowhere\.ts/],
    [
      'another registry than the credentials have',
      ['--target-registry', '123456789012.dkr.ecr.us-east-2.amazonaws.com'],
      /123456789012/,
    ],
    ['an unknown flag', ['--yes'], /unknown option '--yes'/],
  ] as const)('refuses %s and deletes nothing', async ([, args, says], { world: make }) => {
    const world = await make({ images })
    fill(world)
    const { code, stdout, stderr } = await world.script('cleanup-ecr.ts', ['--confirm', ...args])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
    expect(world.sandbox.ecrRepositories()).toEqual(everything)
  })
})
