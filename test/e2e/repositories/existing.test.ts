import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { RepositorySettings } from '../../../scripts/lib/model/repository/settings.ts'
import { images, operator } from '../support/images.ts'
import {
  callsOnRepositories,
  kubectlPlace,
  lifecyclePolicy,
  operatorPlace,
  readRepository,
  repositoryPolicy,
  wish,
} from '../support/repositories.ts'
import { faultsOfCopies, imagePlace, writes } from '../support/stores.ts'
import { test } from '../support/world.ts'

// How existing repositories are compared with the request, and changed.
describe.concurrent('existing repositories', () => {
  const wishes: RepositorySettings = {
    mutability: 'immutable',
    mutabilityExclude: ['latest'],
    scanOnPush: true,
    lifecyclePolicy,
    repositoryPolicy,
    tags: { team: 'search' },
  }

  test('are not queried without requested settings, and nothing is created', async ({
    world: make,
  }) => {
    const world = await make({ images })
    for (const name of [operatorPlace, kubectlPlace]) world.sandbox.createEcrRepository(name)
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(callsOnRepositories(world)).toEqual({ DescribeRepositories: 1 })
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('that differ are reported and left unchanged, then changed on request', async ({
    world: make,
  }) => {
    const world = await make({ images })
    world.sandbox.createEcrRepository(operatorPlace, { tags: { owner: 'x', team: 'other' } })
    world.sandbox.createEcrRepository(kubectlPlace, {
      settings: {
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
        imageScanningConfiguration: { scanOnPush: true },
      },
      tags: { team: 'search' },
      lifecyclePolicy: JSON.stringify(lifecyclePolicy, null, 2),
    })
    const args = await wish(world, wishes)
    const before = await Promise.all(
      [operatorPlace, kubectlPlace].map((name) => readRepository(world, name)),
    )

    const planned = await world.mirror([...args, '--plan', '--output', 'json'])
    const { repositories } = JSON.parse(planned.stdout) as {
      repositories: {
        drift: { repository: string; differences: { setting: string; changeable: boolean }[] }[]
      }
    }
    expect(
      repositories.drift.map(({ repository, differences }) => [
        repository,
        ...differences.map(({ setting, changeable }) => changeable && setting),
      ]),
    ).toEqual([
      [operatorPlace, 'mutability', 'scanOnPush', 'lifecyclePolicy', 'repositoryPolicy', 'tags'],
      [kubectlPlace, 'repositoryPolicy'],
    ])

    const reportFile = join(await world.folderOf('reports'), 'r.json')
    const told = await world.mirror([...args, '--report', reportFile])
    expect(told.code, told.stderr).toBe(0)
    for (const words of [
      `! repository ${operatorPlace}: mutability is MUTABLE, requested IMMUTABLE_WITH_EXCLUSION (latest); rerun with --update-repositories to change it`,
      `! repository ${operatorPlace}: scan on push is false, requested true; rerun with --update-repositories to change it`,
      `! repository ${operatorPlace}, repository ${kubectlPlace}: repository policy is none, requested {`,
      `! repository ${operatorPlace}: tags are team=other, requested team=search; rerun with --update-repositories to change it`,
    ]) {
      expect(told.stderr).toContain(words)
    }
    expect(told.stdout).toContain(
      '2 repositories are not as requested; rerun with --update-repositories to change that.',
    )
    expect(JSON.parse(await readFile(reportFile, 'utf8'))).toMatchObject({
      repositories: {
        drift: repositories.drift,
        update: false,
        changed: [],
        left: [],
        problems: [],
      },
    })
    expect(
      await Promise.all([operatorPlace, kubectlPlace].map((name) => readRepository(world, name))),
    ).toEqual(before)

    world.sandbox.resetCounters()
    const changed = await world.mirror([...args, '--update-repositories'])
    expect(changed.code, changed.stderr).toBe(0)
    expect(changed.stdout).toContain('2 repositories were changed as requested.')
    expect(callsOnRepositories(world)).toMatchObject({
      PutImageTagMutability: 1,
      PutImageScanningConfiguration: 1,
      PutLifecyclePolicy: 1,
      SetRepositoryPolicy: 2,
      TagResource: 1,
    })
    expect(await readRepository(world, operatorPlace)).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicy,
      repositoryPolicy: { Statement: [{ Sid: 'pull' }] },
      // Never our own: a clean-up would take what others have made.
      tags: { owner: 'x', team: 'search' },
    })

    world.sandbox.resetCounters()
    const last = await world.mirror([...args, '--update-repositories'])
    expect(last.code, last.stderr).toBe(0)
    expect(last.stdout).toMatch(/^Nothing to do/m)
    expect(writes(world.sandbox)).toBe(0)
  })

  test('keep their encryption, which is reported, even with --update-repositories', async ({
    world: make,
  }) => {
    const world = await make({ images })
    world.sandbox.createEcrRepository(operatorPlace)
    const args = ['--repo-kms-key', 'aws-managed', '--update-repositories']
    const { code, stderr, stdout } = await world.mirror(args)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain(
      `! repository ${operatorPlace}: encryption is AES256, requested KMS; ECR cannot change it later`,
    )
    expect(stdout).toContain(
      '1 repository has a different encryption than requested, which ECR cannot change.',
    )
    expect(world.sandbox.ecrSettings(operatorPlace)?.encryptionConfiguration.encryptionType).toBe(
      'AES256',
    )
    expect(world.sandbox.ecrSettings(kubectlPlace)?.encryptionConfiguration.encryptionType).toBe(
      'KMS',
    )
    expect(callsOnRepositories(world)['PutImageTagMutability']).toBeUndefined()
  })

  test('that will be mutable can be written to in the same run', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    world.sandbox.createEcrRepository(operatorPlace, {
      settings: { imageTagMutability: 'IMMUTABLE' },
    })
    world.sandbox.putEcrImage(operatorPlace, imagePlace(operator).tag, operator)
    world.sandbox.replaceUpstream(operator)
    const args = ['--existing', 'overwrite', '--repo-mutability', 'mutable']
    expect((await world.mirror(args)).code).toBe(3)
    const { code, stderr } = await world.mirror([...args, '--update-repositories'])
    expect(code, stderr).toBe(0)
    expect(faultsOfCopies(world.sandbox, [operator])).toEqual([])
  })

  test('that will be immutable are not written to in the same run', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    world.sandbox.putEcrImage(operatorPlace, imagePlace(operator).tag, operator)
    world.sandbox.replaceUpstream(operator)
    const args = ['--existing', 'overwrite', '--repo-mutability', 'immutable']
    const { code, stderr } = await world.mirror([...args, '--update-repositories'])
    expect(code, stderr).toBe(3)
    expect(stderr).toContain('its tag is immutable')
    expect(writes(world.sandbox)).toBe(0)
  })

  test('that may not be changed make the run fail, but still accept images', async ({
    world: make,
  }) => {
    const world = await make({ images })
    world.sandbox.createEcrRepository(operatorPlace)
    world.sandbox.setCredentials('denied', ['PutImageTagMutability'])
    const args = ['--repo-mutability', 'immutable', '--update-repositories']
    const { code, stderr, stdout } = await world.mirror(args)
    expect(code, stderr).toBe(1)
    expect(stderr).toContain('→ allow ecr:PutImageTagMutability for this principal')
    expect(stdout).toContain('1 repository setting could not be applied, see above.')
    expect(stdout).not.toContain('--update-repositories')
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('whose policies may not be read stop the run before anything is changed', async ({
    world: make,
  }) => {
    const world = await make({ images })
    world.sandbox.createEcrRepository(operatorPlace)
    world.sandbox.setCredentials('denied', ['GetLifecyclePolicy'])
    const { code, stderr } = await world.mirror(await wish(world, { lifecyclePolicy }))
    expect(code, stderr).toBe(3)
    expect(stderr).toContain('→ allow ecr:GetLifecyclePolicy for this principal')
    expect(writes(world.sandbox)).toBe(0)
  })
})
