import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { compareText } from '../../scripts/lib/model/collections.ts'
import { images, kubectl, operator } from './support/images.ts'
import { kubectlPlace, operatorPlace } from './support/repositories.ts'
import { operations, writes } from './support/stores.ts'
import { test, type World } from './support/world.ts'

const keepers = ['somebody/elses', 'team/app'] as const

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
  sandbox.createEcrRepository('old/empty', { tags: { 'chart-syncer': 'true', team: 'b' } })
  sandbox.createEcrRepository('somebody/elses')
  sandbox.createEcrRepository('team/app', { tags: { 'chart-syncer': 'false' } })
}

const ours = [operatorPlace, kubectlPlace, 'old/empty'].toSorted(compareText)
const everything = [...ours, ...keepers].toSorted(compareText)
const cleanUp = (world: World, ...args: readonly string[]) =>
  world.script('cleanup-ecr.ts', ['--target-registry', world.registry, ...args])

describe.concurrent('the clean-up', () => {
  test('lists what bears the tag and deletes nothing without --confirm', async ({
    world: make,
  }) => {
    const world = await make({ images })
    fill(world)
    const { code, stdout, stderr } = await cleanUp(world)
    expect(code, stderr).toBe(0)
    for (const place of ours)
      expect(stdout).toMatch(new RegExp(`^delete +${place} +it bears chart-syncer=true$`, 'm'))
    for (const place of keepers) expect(stdout).not.toContain(place)
    expect(stdout).toContain(
      'nothing was deleted; --confirm deletes 3 repositories with all images in them\n',
    )
    expect(world.sandbox.ecrRepositories()).toEqual(everything)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('deletes it with --confirm, images and all, in the registry of the credentials', async ({
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
    expect(again.stdout).toBe('no repository bears the tag\n')
  })

  test('spares what a kept manifest uses, and says so', async ({ world: make }) => {
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
      repositories: [
        { repository: operatorPlace, action: 'keep', reason: 'a kept manifest uses it' },
        { repository: kubectlPlace, action: 'delete', reason: 'it bears chart-syncer=true' },
        { repository: 'old/empty', action: 'delete', reason: 'it bears chart-syncer=true' },
      ].toSorted((a, b) => (a.repository < b.repository ? -1 : 1)),
    })
    expect(world.sandbox.ecrRepositories()).toEqual(
      [operatorPlace, ...keepers].toSorted(compareText),
    )
  })

  test('knows the places of a manifest under a prefix, too', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    const tags = { 'chart-syncer': 'true' }
    world.sandbox.createEcrRepository(`team/${operatorPlace}`, { tags })
    world.sandbox.createEcrRepository(operatorPlace, { tags })
    const { code, stderr } = await cleanUp(
      world,
      '--keep',
      world.manifestFile,
      '--prefix',
      'team',
      '--confirm',
    )
    expect(code, stderr).toBe(0)
    expect(world.sandbox.ecrRepositories()).toEqual([`team/${operatorPlace}`])
  })

  test('knows them in both layouts', async ({ world: make }) => {
    const world = await make({ charts: ['etcd-operator'] })
    const used = [
      'charts/etcd-operator',
      'etcd-operator',
      'etcd-operator/etcd-operator',
      'mirrored/ghcr.io/aenix-io/etcd-operator',
    ]
    for (const name of [...used, 'etcd-operator/other']) {
      world.sandbox.createEcrRepository(name, { tags: { 'chart-syncer': 'true' } })
    }
    const { code, stderr } = await cleanUp(world, '--keep', world.manifestFile, '--confirm')
    expect(code, stderr).toBe(0)
    expect(world.sandbox.ecrRepositories()).toEqual(used)
  })

  test('goes by another tag with --tag', async ({ world: make }) => {
    const world = await make({ images })
    fill(world)
    const { code, stderr } = await cleanUp(world, '--tag', 'team=b', '--confirm')
    expect(code, stderr).toBe(0)
    expect(world.sandbox.ecrRepositories()).toEqual(
      everything.filter((name) => name !== 'old/empty'),
    )
  })

  test('names what could not be deleted, and the next run deletes it', async ({ world: make }) => {
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

  test('is interrupted and finished by the next one', async ({ world: make }) => {
    const world = await make({ images })
    const tags = { 'chart-syncer': 'true' }
    for (let index = 0; index < 40; index += 1) {
      world.sandbox.createEcrRepository(`many/number-${index}`, { tags })
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
      /--tag "chart-syncer" is no tag\n {2}→ write it as key=value/,
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
    expect(code).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
    expect(world.sandbox.ecrRepositories()).toEqual(everything)
  })
})
