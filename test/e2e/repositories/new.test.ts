import { describe, expect } from 'vitest'
import { images, operator } from '../support/images.ts'
import { openDesk, startPublished } from '../support/charts/published.ts'
import {
  callsOnRepositories,
  kmsKey,
  kubectlPlace,
  lifecyclePolicy,
  operatorPlace,
  readRepository,
  repositoryPolicy,
  wish,
} from '../support/repositories.ts'
import { certManager } from '../support/shop.ts'
import { faultsOfCopies, writes } from '../support/stores.ts'
import { test } from '../support/world.ts'

// The settings of new repositories, from flags and from the chart list.
describe.concurrent('new repositories', () => {
  test('get all settings from flags', async ({ world: make }) => {
    const world = await make({ images })
    const lifecycle = await world.write('lifecycle.json', JSON.stringify(lifecyclePolicy))
    const policy = await world.write('policy.yaml', JSON.stringify(repositoryPolicy, null, 1))
    const flags = [
      '--repo-mutability=immutable',
      '--repo-mutability-exclude=latest,dev-*',
      `--repo-kms-key=${kmsKey}`,
      '--repo-scan-on-push',
      `--repo-lifecycle-policy=${lifecycle}`,
      `--repo-policy=${policy}`,
      '--repo-tag=team=search',
      '--repo-tag=note=a=b',
    ]
    const planned = await world.mirror([...flags, '--plan'])
    expect(planned.stdout).toContain(`create repository ${operatorPlace}\n`)
    expect(planned.stdout).toContain(
      `new repositories get mutability IMMUTABLE_WITH_EXCLUSION (latest, dev-*), encryption KMS ${kmsKey}, scan on push true, a lifecycle policy, a repository policy, tag team=search, tag note=a=b\n`,
    )
    expect(writes(world.sandbox)).toBe(0)

    const { code, stderr } = await world.mirror(flags)
    expect(code, stderr).toBe(0)
    for (const repository of [operatorPlace, kubectlPlace]) {
      expect(await readRepository(world, repository)).toMatchObject({
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [
          { filterType: 'WILDCARD', filter: 'latest' },
          { filterType: 'WILDCARD', filter: 'dev-*' },
        ],
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey },
        imageScanningConfiguration: { scanOnPush: true },
        tags: { 'chart-syncer': 'true', team: 'search', note: 'a=b' },
        lifecyclePolicy,
        repositoryPolicy: { Statement: [{ Sid: 'pull' }] },
      })
    }

    world.sandbox.resetCounters()
    const again = await world.mirror([...flags, '--update-repositories'])
    expect(again.code, again.stderr).toBe(0)
    expect(again.stderr).not.toMatch(/wanted/)
    expect(writes(world.sandbox)).toBe(0)
    expect(callsOnRepositories(world)).toEqual({
      DescribeRepositories: 1,
      GetLifecyclePolicy: 2,
      GetRepositoryPolicy: 2,
      ListTagsForResource: 2,
    })
  })

  test('get the settings from charts.yaml, policies from files next to it, and flags on top', async ({
    onTestFinished,
  }) => {
    const names = ['acmesolver', 'cainjector', 'controller', 'startupapicheck', 'webhook'].map(
      (part) => `cert-manager-${part}`,
    )
    const world = await startPublished(
      [certManager.first],
      names.map((name) => `quay.io/jetstack/${name}:v1.17.2`),
    )
    onTestFinished(world.close)
    const desk = await openDesk(
      world,
      `charts:
  - { name: cert-manager, version: v1.17.2, repository: 'https://charts.jetstack.io' }
repositories:
  mutability: immutable
  encryption: { type: KMS_DSSE }
  lifecyclePolicy: policies/lifecycle.yaml
  tags: { team: search, stage: dev }
`,
    )
    await world.folderOf('desk/policies')
    await world.write('desk/policies/lifecycle.yaml', JSON.stringify(lifecyclePolicy))
    const regenerated = await desk.regenerate()
    expect(regenerated.code, regenerated.stderr).toBe(0)
    expect((await desk.regenerate(['--check'])).code).toBe(0)

    const { code, stderr } = await desk.mirror(['--repo-tag', 'stage=live'])
    expect(code, stderr).toBe(0)
    for (const name of [
      'charts/cert-manager',
      ...names.map((n) => `mirrored/quay.io/jetstack/${n}`),
    ]) {
      expect(await readRepository(world, name)).toMatchObject({
        imageTagMutability: 'IMMUTABLE',
        encryptionConfiguration: {
          encryptionType: 'KMS_DSSE',
          kmsKey: expect.stringMatching(/^arn:aws:kms:us-east-2:\d{12}:key\//),
        },
        lifecyclePolicy,
        tags: { 'chart-syncer': 'true', team: 'search', stage: 'live' },
      })
    }

    await world.write('desk/policies/lifecycle.yaml', JSON.stringify({ rules: [] }))
    const checked = await desk.regenerate(['--check'])
    expect(checked.code).toBe(1)
    expect(checked.stderr).toContain('was not generated from the current')
  })

  test('accept images although a policy was rejected, which is reported', async ({
    world: make,
  }) => {
    const world = await make({ images })
    world.sandbox.setCredentials('denied', ['SetRepositoryPolicy'])
    const { code, stderr, stdout } = await world.mirror(await wish(world, { repositoryPolicy }))
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(
      /error: repository "mirrored\/quay\.io\/strimzi\/operator": ecr:SetRepositoryPolicy: .*not authorized/,
    )
    expect(stderr).toContain('→ allow ecr:SetRepositoryPolicy for this principal')
    expect(stdout).toContain('2 repository settings could not be applied, see above.')
    expect(faultsOfCopies(world.sandbox, images)).toEqual([])
  })

  test('are not created with a key that ECR rejects', async ({ world: make }) => {
    const world = await make({ images: [operator] })
    world.sandbox.addFault({
      host: 'api.ecr.us-east-2.amazonaws.com',
      operation: 'CreateRepository',
      effect: {
        status: 400,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ __type: 'KmsException', message: 'no such key' }),
      },
    })
    const { code, stderr } = await world.mirror(['--repo-kms-key', 'alias/none'])
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/error: ecr:CreateRepository: no such key/)
    expect(stderr).toMatch(/→ check that the KMS key exists in this region/)
  })
})
