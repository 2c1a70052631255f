import { describe, expect, it } from 'vitest'
import {
  compareRepository,
  type Difference,
  type ExistingRepository,
  isSamePolicy,
  type RepositoryDetails,
} from '../../../../scripts/lib/model/repository/drift.ts'
import type { RepositorySettings } from '../../../../scripts/lib/model/repository/settings.ts'
import { treeOf, type TreeLiteral } from '../../../../scripts/lib/model/values/values.ts'

const id = '1234abcd-12ab-34cd-56ef-1234567890ab'
const key = `arn:aws:kms:us-east-2:123456789012:key/${id}`
const plain: ExistingRepository = {
  mutability: 'MUTABLE',
  exclusions: [],
  encryption: 'AES256',
  scanOnPush: false,
}
const lifecyclePolicy = treeOf({ rules: [{ rulePriority: 1 }] })

describe('compareRepository finds nothing in', () => {
  it.each<[string, RepositorySettings, Partial<ExistingRepository>, RepositoryDetails]>([
    [
      'what nobody requests',
      {},
      { mutability: 'IMMUTABLE', encryption: `KMS ${key}`, scanOnPush: true },
      { lifecyclePolicy, tags: { team: 'a' } },
    ],
    ['the same mutability', { mutability: 'mutable' }, {}, {}],
    [
      'the same filters in another order',
      { mutability: 'immutable', mutabilityExclude: ['a', 'b'] },
      { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['b', 'a'] },
      {},
    ],
    ['the same encryption', { encryption: { type: 'AES256' } }, {}, {}],
    [
      'any key when none is named',
      { encryption: { type: 'KMS' } },
      { encryption: `KMS ${key}` },
      {},
    ],
    ['the same key', { encryption: { type: 'KMS', key } }, { encryption: `KMS ${key}` }, {}],
    [
      'the same key by id',
      { encryption: { type: 'KMS', key: id } },
      { encryption: `KMS ${key}` },
      {},
    ],
    [
      'an alias, which ECR does not tell',
      { encryption: { type: 'KMS', key: 'alias/ecr' } },
      { encryption: `KMS ${key}` },
      {},
    ],
    ['the same policy', { lifecyclePolicy }, {}, { lifecyclePolicy }],
    ['tags beside those wished', { tags: { team: 'a' } }, {}, { tags: { team: 'a', other: 'b' } }],
  ])('%s', (_, wanted, existing, details) => {
    expect(compareRepository(wanted, { ...plain, ...existing }, details)).toEqual([])
  })
})

describe('compareRepository finds', () => {
  const difference = (
    setting: Difference['setting'],
    is: string,
    wanted: string,
    changeable = true,
  ): Difference => ({ setting, is, wanted, changeable })

  it.each<[string, RepositorySettings, Partial<ExistingRepository>, RepositoryDetails, Difference]>(
    [
      [
        'another mutability',
        { mutability: 'immutable' },
        {},
        {},
        difference('mutability', 'MUTABLE', 'IMMUTABLE'),
      ],
      [
        'other filters',
        { mutability: 'immutable', mutabilityExclude: ['b', 'a'] },
        { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['c'] },
        {},
        difference('mutability', 'IMMUTABLE_WITH_EXCLUSION (c)', 'IMMUTABLE_WITH_EXCLUSION (a, b)'),
      ],
      [
        'another encryption, which stays',
        { encryption: { type: 'KMS', key } },
        {},
        {},
        difference('encryption', 'AES256', `KMS ${key}`, false),
      ],
      [
        'another key',
        { encryption: { type: 'KMS', key } },
        { encryption: `KMS ${key}0` },
        {},
        difference('encryption', `KMS ${key}0`, `KMS ${key}`, false),
      ],
      [
        'another kind of KMS encryption',
        { encryption: { type: 'KMS_DSSE' } },
        { encryption: `KMS ${key}` },
        {},
        difference('encryption', `KMS ${key}`, 'KMS_DSSE', false),
      ],
      ['no scan', { scanOnPush: true }, {}, {}, difference('scanOnPush', 'false', 'true')],
      [
        'a scan',
        { scanOnPush: false },
        { scanOnPush: true },
        {},
        difference('scanOnPush', 'true', 'false'),
      ],
      [
        'no lifecycle policy',
        { lifecyclePolicy },
        {},
        {},
        difference('lifecyclePolicy', 'none', '{"rules":[{"rulePriority":1}]}'),
      ],
      [
        'another repository policy',
        { repositoryPolicy: treeOf({ Statement: [] }) },
        {},
        { repositoryPolicy: treeOf({ Statement: [{ Effect: 'Deny' }] }) },
        difference('repositoryPolicy', '{"Statement":[{"Effect":"Deny"}]}', '{"Statement":[]}'),
      ],
      [
        'missing and other tags, in one',
        { tags: { team: 'a', stage: 'dev', owner: 'x' } },
        {},
        { tags: { team: 'b', owner: 'x' } },
        difference('tags', 'team=b', 'team=a, stage=dev'),
      ],
      ['no tags', { tags: { team: 'a' } }, {}, { tags: {} }, difference('tags', 'none', 'team=a')],
    ],
  )('%s', (_, wanted, existing, details, expected) => {
    expect(compareRepository(wanted, { ...plain, ...existing }, details)).toEqual([expected])
  })
})

describe('isSamePolicy', () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: ['123456789012', '210987654321'] },
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      },
      { Effect: 'Deny', Principal: '*', Action: 'ecr:PutImage' },
    ],
  }
  const [allow, deny] = policy.Statement
  it.each<[string, TreeLiteral, boolean]>([
    ['itself', policy, true],
    ['other orders', { Statement: [deny ?? {}, allow ?? {}], Version: '2012-10-17' }, true],
    [
      'accounts as ARNs of their roots',
      {
        ...policy,
        Statement: [
          {
            ...allow,
            Principal: {
              AWS: ['arn:aws:iam::210987654321:root', 'arn:aws:iam::123456789012:root'],
            },
          },
          deny ?? {},
        ],
      },
      true,
    ],
    [
      'a list of one',
      { ...policy, Statement: [allow ?? {}, { ...deny, Action: ['ecr:PutImage'] }] },
      true,
    ],
    [
      'an action less',
      { ...policy, Statement: [{ ...allow, Action: 'ecr:BatchGetImage' }, deny ?? {}] },
      false,
    ],
    [
      'a user in place of its account',
      {
        ...policy,
        Statement: [
          {
            ...allow,
            Principal: { AWS: ['arn:aws:iam::123456789012:user/root', '210987654321'] },
          },
          deny ?? {},
        ],
      },
      false,
    ],
    ['another effect', { ...policy, Statement: [{ ...allow, Effect: 'Deny' }, deny ?? {}] }, false],
  ])('compares with %s', (_, other, same) => {
    expect(isSamePolicy(treeOf(policy), treeOf(other))).toBe(same)
  })
  it('takes a quoted boolean for a bare one', () => {
    expect(isSamePolicy(treeOf({ a: 'false' }), treeOf({ a: false }))).toBe(true)
  })
})
