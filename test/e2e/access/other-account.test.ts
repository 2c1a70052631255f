import { describe, expect } from 'vitest'
import { images, kubectl, operator } from '../support/images.ts'
import { faultOfCopy, faultsOfCopies, imagePlace, operations, writes } from '../support/stores.ts'
import { test, type World, type WorldOptions } from '../support/world.ts'

// A registry of another account than the credentials, as a central ECR account is.
const caller = '999999999999'
const me = `arn:aws:iam::${caller}:user/sandbox`

const centralWorld = (make: (options?: WorldOptions) => Promise<World>) =>
  make({ images, sandbox: { caller } })
const accountOf = ({ registry }: World) => registry.slice(0, 12)

describe.concurrent('a registry of another account', () => {
  test('is filled, and plan and run say who pushes where', async ({ world: make }) => {
    const world = await centralWorld(make)
    const words = `! cross-account: pushing as ${me} to account ${accountOf(world)}`
    const planned = await world.mirror(['--plan'])
    expect(planned.code, planned.stderr).toBe(0)
    expect(planned.stderr).toContain(words)
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).toContain(words)
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('has a setting for mounts that these credentials cannot read', async ({ world: make }) => {
    const world = await centralWorld(make)
    const { stderr } = await world.mirror()
    expect(stderr).toContain(
      `it is a setting of account ${accountOf(world)}, and the credentials are for another one`,
    )
    expect(operations(world.sandbox, 'aws')['GetAccountSetting']).toBeUndefined()
  })

  test('that denies a call is named with what it has to allow', async ({ world: make }) => {
    const world = await centralWorld(make)
    world.sandbox.setCredentials('denied', ['DescribeRepositories'])
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(3)
    expect(stderr).toContain(
      `account ${accountOf(world)} must allow it in its repository policies; or use a role of that account`,
    )
    expect(writes(world.sandbox)).toBe(0)
  })

  test('is filled as far as it allows', async ({ world: make }) => {
    const world = await centralWorld(make)
    world.sandbox.createEcrRepository(imagePlace(operator).repository)
    world.sandbox.setCredentials('denied', ['CreateRepository'])
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(faultOfCopy(world.sandbox, operator)).toBeUndefined()
    expect(faultOfCopy(world.sandbox, kubectl)).toContain('is missing')
  })

  test('is never cleaned up', async ({ world: make }) => {
    const world = await centralWorld(make)
    const args = ['--target-registry', world.registry]
    const { code, stderr } = await world.script('cleanup-ecr.ts', args)
    expect(code, stderr).toBe(2)
    expect(stderr).toContain('but the credentials are for account "999999999999"')
  })
})
