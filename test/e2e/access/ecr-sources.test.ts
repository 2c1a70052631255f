import { describe, expect } from 'vitest'
import { kubectl } from '../support/images.ts'
import { faultOfCopy, operations, writes } from '../support/stores.ts'
import { type RunSettings, test, type World, type WorldOptions } from '../support/world.ts'

// Private ECR registries of other accounts and regions, such as those of EKS add-ons.
const addon = '602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/coredns:v1.11.4-eksbuild.2'
const apiHost = 'api.ecr.us-west-2.amazonaws.com'

interface AddonWorld {
  readonly world: World
  readonly mirror: (settings?: RunSettings) => ReturnType<World['script']>
}

/** A world whose manifest has one image of such a registry, and one of a public registry. */
async function worldWith(make: (options?: WorldOptions) => Promise<World>): Promise<AddonWorld> {
  const world = await make({ images: [kubectl], sandbox: { images: [kubectl, addon] } })
  const [image] = world.manifest.images
  const images = [image, { ...image, reference: addon }]
  const manifest = await world.write('own.json', JSON.stringify({ ...world.manifest, images }))
  const args = [world.registry, '--manifest', manifest, '--state-dir', await world.folderOf('own')]
  return { world, mirror: (settings) => world.script('mirror-to-ecr.ts', args, settings) }
}

describe.concurrent('an image of another private ECR registry', () => {
  test('is read with the AWS credentials, after a login in its region', async ({ world: make }) => {
    const { world, mirror } = await worldWith(make)
    const { code, stdout, stderr } = await mirror()
    expect(code, stderr).toBe(0)
    expect(faultOfCopy(world.sandbox, addon)).toBeUndefined()
    expect(faultOfCopy(world.sandbox, kubectl)).toBeUndefined()
    expect(operations(world.sandbox, 'aws')['GetAuthorizationToken']).toBe(2)
    expect(world.sandbox.counters()[apiHost]?.operations['GetAuthorizationToken']).toBe(1)
    expect(stdout + stderr).not.toContain('anonymously')
  })

  test('is refused before any change without a login, with the reason and what to allow', async ({
    world: make,
  }) => {
    const { world, mirror } = await worldWith(make)
    const message = 'User: me is not authorized to perform: ecr:GetAuthorizationToken'
    world.sandbox.addFault({
      host: apiHost,
      effect: {
        status: 400,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ __type: 'AccessDeniedException', message }),
      },
    })
    const { code, stderr } = await mirror()
    expect(code, stderr).toBe(3)
    expect(stderr).toContain(
      `! reading 602401143452.dkr.ecr.us-west-2.amazonaws.com anonymously: ecr:GetAuthorizationToken: ${message}`,
    )
    expect(stderr).toMatch(
      /→ check the name, and that your AWS credentials may read it: the repository policy in that account must allow ecr:BatchGetImage/,
    )
    expect(faultOfCopy(world.sandbox, kubectl)).toContain('is missing')
    expect(writes(world.sandbox)).toBe(0)
  })
})
