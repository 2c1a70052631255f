import { beforeEach, describe, expect, test } from 'vitest'
import { createCredentials } from '../../../scripts/sandbox/aws/credentials.ts'
import { placeOf } from '../../../scripts/sandbox/aws/partition.ts'
import { createTokenBook } from '../../../scripts/sandbox/aws/tokens.ts'
import { createContentStore } from '../../../scripts/sandbox/content/store.ts'
import { createEcrApi } from '../../../scripts/sandbox/ecr/service.ts'
import type { EcrState } from '../../../scripts/sandbox/ecr/state.ts'
import { createOnPush } from '../../../scripts/sandbox/ecr/templates.ts'
import type { CreationTemplate } from '../../../scripts/sandbox/ecr/settings.ts'
import type { Service } from '../../../scripts/sandbox/net/call.ts'
import { askEcr } from '../support/servers/ecr-api.ts'

let state: EcrState
let api: Service

function start(templates: readonly CreationTemplate[] = []): void {
  const now = () => 0
  const place = placeOf('123456789012', 'us-east-2')
  state = {
    place,
    repositories: new Map(),
    templates,
    now,
    blobMounting: false,
    restoreMilliseconds: 0,
  }
  const [store, credentials, tokens] = [
    createContentStore(),
    createCredentials(),
    createTokenBook(now),
  ]
  api = createEcrApi({ state, store, credentials, tokens, pageSize: 2 })
}
beforeEach(() => start())

const ask = (operation: string, input?: object) => askEcr(api, operation, input)

describe('settings of a repository', () => {
  const repositoryName = 'repo-a'
  const own = 'arn:aws:kms:us-east-2:123456789012:key/'
  test.for([
    ['KMS', undefined, expect.stringMatching(`^${own}[0-9a-f-]{36}$`)],
    ['KMS', 'alias/team', expect.stringMatching(`^${own}[0-9a-f-]{36}$`)],
    ['KMS_DSSE', `${own}x`, `${own}x`],
    ['KMS', 'x', `${own}x`],
    ['AES256', undefined, undefined],
  ] as const)('seal it with %s and key %s', async ([encryptionType, given, kmsKey]) => {
    const key = given === undefined ? {} : { kmsKey: given }
    const encryptionConfiguration = { encryptionType, ...key }
    const made = await ask('CreateRepository', { repositoryName, encryptionConfiguration })
    const expected = kmsKey === undefined ? { encryptionType } : { encryptionType, kmsKey }
    expect(made).toMatchObject({ repository: { encryptionConfiguration: expected } })
  })
  test('change, and filters go with the mutability that had them', async () => {
    await ask('CreateRepository', { repositoryName })
    const filters = [{ filterType: 'WILDCARD', filter: 'v*' }]
    await ask('PutImageTagMutability', {
      repositoryName,
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters,
    })
    await ask('PutImageScanningConfiguration', {
      repositoryName,
      imageScanningConfiguration: { scanOnPush: true },
    })
    expect(await ask('DescribeRepositories')).toMatchObject({
      repositories: [
        {
          imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
          imageTagMutabilityExclusionFilters: filters,
          imageScanningConfiguration: { scanOnPush: true },
        },
      ],
    })
    await ask('PutImageTagMutability', { repositoryName, imageTagMutability: 'MUTABLE' })
    expect(JSON.stringify(await ask('DescribeRepositories'))).not.toContain('WILDCARD')
  })
  test('are policies, of which ECR writes one anew', async () => {
    await ask('CreateRepository', { repositoryName })
    const lifecyclePolicyText = '{"rules":[]}'
    await ask('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText })
    expect(await ask('GetLifecyclePolicy', { repositoryName })).toMatchObject({
      lifecyclePolicyText,
    })
    const policyText = '{"Statement":[{"Principal":{"AWS":"210987654321"}}]}'
    await ask('SetRepositoryPolicy', { repositoryName, policyText })
    const { policyText: written } = await ask('GetRepositoryPolicy', { repositoryName })
    expect(written).toContain('"AWS": "arn:aws:iam::210987654321:root"')
  })
})

describe('a creation template', () => {
  const appliedFor = ['CREATE_ON_PUSH'] as const
  const named = (prefix: string) => ({ prefix, appliedFor, lifecyclePolicy: prefix })
  beforeEach(() => {
    start([
      named('ROOT'),
      named('team'),
      named('team/a'),
      { prefix: 'cache', appliedFor: ['PULL_THROUGH_CACHE'] as const },
    ])
  })
  test.for([
    ['team/a/b', 'team/a'],
    ['team/ab', 'team'],
    ['teams/a', 'ROOT'],
    ['team', 'ROOT'],
    ['cache/x', 'ROOT'],
  ] as const)('for %s is that of %s', ([name, prefix]) => {
    expect(createOnPush(state, name)?.lifecyclePolicy).toBe(prefix)
  })
  test('is listed, page by page', async () => {
    const first = await ask('DescribeRepositoryCreationTemplates')
    expect(first['repositoryCreationTemplates']).toHaveLength(2)
    const next = { nextToken: first['nextToken'] }
    expect(await ask('DescribeRepositoryCreationTemplates', next)).toMatchObject({
      repositoryCreationTemplates: [{ prefix: 'team/a' }, { prefix: 'cache' }],
    })
  })
})
