import { describe, expect } from 'vitest'
import type { CreationTemplate } from '../../../scripts/sandbox/ecr/settings.ts'
import { images, operator } from '../support/images.ts'
import { kubectlPlace, operatorPlace, readRepository } from '../support/repositories.ts'
import { chartLayer, chartPlace, faultsOfCopies, operations, writes } from '../support/stores.ts'
import { test } from '../support/world.ts'

// Which side creates repositories when ecr-airlift may not or should not.
describe.concurrent('a creation template', () => {
  const template: CreationTemplate = {
    prefix: 'mirrored/quay.io',
    appliedFor: ['CREATE_ON_PUSH'],
    imageTagMutability: 'IMMUTABLE',
    resourceTags: [{ Key: 'from', Value: 'template' }],
  }
  const withTemplates = (...templates: readonly CreationTemplate[]) => ({
    images,
    sandbox: { ecr: { templates } },
  })

  test('creates repositories that ecr-airlift may not create, if it matches', async ({
    world: make,
  }) => {
    const world = await make(withTemplates(template))
    world.sandbox.setCredentials('denied', ['CreateRepository'])
    const { code, stderr, stdout } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(stderr).toContain(`! repository ${operatorPlace}: ECR creates it on push`)
    expect(stderr).toContain('only if their template sets the tag chart-syncer=true')
    expect(stdout).toContain('1 repository was left for ECR to create on push.')
    expect(faultsOfCopies(world.sandbox, [operator])).toEqual([])
    expect(await readRepository(world, operatorPlace)).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
      tags: { from: 'template' },
    })
    // The other one has no template.
    expect(stderr).toContain('→ allow ecr:CreateRepository for this principal')
    expect(world.sandbox.ecrRepositories()).toEqual([operatorPlace])
  })

  test('also creates the repositories of charts', async ({ world: make }) => {
    const templates = [{ ...template, prefix: 'ROOT' }]
    const world = await make({ charts: ['cert-manager'], sandbox: { ecr: { templates } } })
    world.sandbox.setCredentials('denied', ['CreateRepository'])
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^! 6 repositories: ECR creates them on push/m)
    const [chart] = world.manifest.charts
    expect(chart && chartLayer(world.sandbox, chartPlace(chart))).toMatch(/^sha256:/)
  })

  test('is not used if ecr-airlift may create repositories', async ({ world: make }) => {
    const world = await make(withTemplates(template))
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(await readRepository(world, operatorPlace)).toMatchObject({
      imageTagMutability: 'MUTABLE',
      tags: { 'chart-syncer': 'true' },
    })
  })

  test('is used with --create-on-push, but only if it matches', async ({ world: make }) => {
    const own = { Key: 'chart-syncer', Value: 'true' }
    const world = await make(withTemplates({ ...template, resourceTags: [own] }))
    const planned = await world.mirror(['--create-on-push', '--plan'])
    expect(planned.stdout).toContain(`create repository ${kubectlPlace}\n`)
    expect(planned.stdout).not.toContain(`create repository ${operatorPlace}\n`)
    expect(planned.stdout).toContain(`repository ${operatorPlace}: ECR creates it on push`)
    const { code, stderr } = await world.mirror(['--create-on-push'])
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain('cleanup-ecr.ts finds')
    expect(operations(world.sandbox, 'aws')['CreateRepository']).toBe(1)
    expect(world.sandbox.ecrSettings(operatorPlace)?.imageTagMutability).toBe('IMMUTABLE')
    expect(world.sandbox.ecrSettings(kubectlPlace)?.imageTagMutability).toBe('MUTABLE')
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('for other purposes does not count', async ({ world: make }) => {
    const world = await make(withTemplates({ prefix: 'ROOT', appliedFor: ['PULL_THROUGH_CACHE'] }))
    world.sandbox.setCredentials('denied', ['CreateRepository'])
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(1)
    expect(world.sandbox.ecrRepositories()).toEqual([])
  })

  test('that cannot be read does not count, unless it was requested', async ({ world: make }) => {
    const world = await make(withTemplates({ ...template, prefix: 'ROOT' }))
    world.sandbox.setCredentials('denied', ['DescribeRepositoryCreationTemplates'])
    const asking = await world.mirror(['--create-on-push'])
    expect(asking.code, asking.stderr).toBe(3)
    expect(asking.stderr).toContain('→ allow ecr:DescribeRepositoryCreationTemplates')
    expect(writes(world.sandbox)).toBe(0)
    const { code, stderr } = await world.mirror()
    expect(code, stderr).toBe(0)
    expect(stderr).not.toContain('DescribeRepositoryCreationTemplates')
  })
})
