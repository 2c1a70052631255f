import { describe, expect } from 'vitest'
import { images, operator } from '../support/images.ts'
import { operatorPlace } from '../support/repositories.ts'
import { writes } from '../support/stores.ts'
import { test, type World } from '../support/world.ts'

const own = { tags: { 'chart-syncer': 'true' } }
const cleanUp = (world: World, ...args: readonly string[]) =>
  world.script('cleanup-ecr.ts', ['--target-registry', world.registry, ...args, '--confirm'])

describe.concurrent('a prefix', () => {
  test.for([
    [
      'that is empty',
      ['--prefix', ''],
      /'--prefix <path>' argument '' is invalid\. It must not be empty\./,
    ],
    ['that is empty behind an equals sign', ['--prefix='], /It must not be empty\./],
    [
      'that is empty behind another',
      ['--prefix', 'team', '--prefix', ''],
      /It must not be empty\./,
    ],
    [
      'that is the second one',
      ['--prefix', 'team', '--prefix', 'other'],
      /It can be given only once\./,
    ],
    [
      'that is given twice',
      ['--prefix', 'team', '--prefix', 'team'],
      /It can be given only once\./,
    ],
  ] as const)('%s deletes nothing', async ([, flags, words], { world: make }) => {
    const world = await make({ images })
    const places = ['charts/x', 'mirrored/docker.io/a', 'other/mirrored/a', 'team/mirrored/a']
    for (const place of places) world.sandbox.createEcrRepository(place, own)
    const { code, stdout, stderr } = await cleanUp(world, ...flags)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
    expect(world.sandbox.ecrRepositories()).toEqual(places)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('keeps repositories that a kept manifest uses below it, even with a longer prefix', async ({
    world: make,
  }) => {
    const world = await make({ images })
    const kept = world.manifest.images.filter(({ reference }) => reference === operator)
    const text = JSON.stringify({ ...world.manifest, images: kept })
    const spared = ['a/b/c', 'a/b', 'a', 'b'].map((prefix) => `${prefix}/${operatorPlace}`)
    const doomed = [
      `a/b/${operatorPlace}/more`,
      `a/b/x${operatorPlace}`,
      'a/mirrored/docker.io/old',
    ]
    for (const place of [...spared, ...doomed]) world.sandbox.createEcrRepository(place, own)
    const manifest = await world.write('kept.json', text)
    const { code, stdout, stderr } = await cleanUp(world, '--prefix', 'a', '--keep', manifest)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/\n3 repositories deleted\n$/)
    expect(world.sandbox.ecrRepositories().toSorted()).toEqual(spared.toSorted())
  })
})
