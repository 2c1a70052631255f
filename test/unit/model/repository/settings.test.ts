import { describe, expect, it } from 'vitest'
import {
  faultsOfSettings,
  isIndifferent,
  mergeSettings,
  mutabilityName,
  parseTag,
  type RepositorySettings,
} from '../../../../scripts/lib/model/repository/settings.ts'
import { emptyTree, treeOf } from '../../../../scripts/lib/model/values/values.ts'

const key = 'arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const manyTags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'x']))

describe('faultsOfSettings', () => {
  it.each<[string, RepositorySettings]>([
    ['no requests', {}],
    ['exceptions from immutability', { mutability: 'immutable', mutabilityExclude: ['latest'] }],
    [
      'five filters',
      { mutability: 'mutable', mutabilityExclude: ['a', 'b*', '*.c', 'd_e', '1.2-*'] },
    ],
    ['the key of AWS', { encryption: { type: 'KMS' } }],
    ['a key by ARN', { encryption: { type: 'KMS_DSSE', key } }],
    ['a key of China', { encryption: { type: 'KMS', key: key.replace('aws', 'aws-cn') } }],
    ['an alias', { encryption: { type: 'KMS', key: 'alias/team/ecr' } }],
    [
      'an alias by ARN',
      { encryption: { type: 'KMS', key: 'arn:aws:kms:eu-west-1:123456789012:alias/ecr' } },
    ],
    ['a key id', { encryption: { type: 'KMS', key: '1234abcd-12ab-34cd-56ef-1234567890ab' } }],
    ['a multi-region key', { encryption: { type: 'KMS', key: `mrk-${'1a'.repeat(16)}` } }],
    ['as many tags as there is room for', { tags: manyTags(49) }],
    ['a tag in Greek', { tags: { 'ομάδα/1': 'α @+=:' } }],
    ['a tag of full length', { tags: { ['k'.repeat(128)]: 'v'.repeat(256) } }],
    ['a tag without a value', { tags: { team: '' } }],
    ['a lifecycle policy', { lifecyclePolicy: treeOf({ rules: [] }) }],
    ['a repository policy', { repositoryPolicy: treeOf({ Version: '2012-10-17', Statement: [] }) }],
  ])('accepts %s', (_, settings) => {
    expect(faultsOfSettings(settings)).toEqual([])
  })

  it.each<[string, RepositorySettings, string, RegExp]>([
    [
      'exceptions from nothing',
      { mutabilityExclude: ['a'] },
      'mutabilityExclude',
      /filters require a mutability/,
    ],
    [
      'no filters at all',
      { mutability: 'mutable', mutabilityExclude: [] },
      'mutabilityExclude',
      /1 to 5 filters, not 0/,
    ],
    [
      'six filters',
      { mutability: 'mutable', mutabilityExclude: ['a', 'b', 'c', 'd', 'e', 'f'] },
      'mutabilityExclude',
      /1 to 5 filters, not 6/,
    ],
    [
      'a filter that is no glob',
      { mutability: 'mutable', mutabilityExclude: ['ok', 'v[0-9]'] },
      'mutabilityExclude.1',
      /"v\[0-9\]" is not a tag filter/,
    ],
    [
      'a key without KMS',
      { encryption: { type: 'AES256', key } },
      'encryption.key',
      /a key requires type KMS/,
    ],
    [
      'a key of another service',
      { encryption: { type: 'KMS', key: key.replace('kms', 's3') } },
      'encryption.key',
      /is not a KMS key/,
    ],
    ['a word for a key', { encryption: { type: 'KMS', key: 'mine' } }, 'encryption.key', /"mine"/],
    ['a fiftieth tag', { tags: manyTags(50) }, 'tags', /50 tags are too many/],
    ['a tag of AWS', { tags: { 'AWS:x': '' } }, 'tags.AWS:x', /is reserved/],
    [
      'our own tag',
      { tags: { 'chart-syncer': 'false' } },
      'tags.chart-syncer',
      /is set on every repository automatically/,
    ],
    ['a tag without a key', { tags: { '': 'x' } }, 'tags.', /1 to 128 characters, not 0/],
    ['a long key', { tags: { ['k'.repeat(129)]: 'x' } }, `tags.${'k'.repeat(129)}`, /not 129/],
    ['a long value', { tags: { k: 'v'.repeat(257) } }, 'tags.k', /257 characters; 256/],
    ['a stray character', { tags: { team: 'a,b' } }, 'tags.team', /the character ","/],
    [
      'a lifecycle policy without rules',
      { lifecyclePolicy: emptyTree() },
      'lifecyclePolicy',
      /no "rules"/,
    ],
    [
      'a repository policy without statements',
      { repositoryPolicy: treeOf({ statement: [] }) },
      'repositoryPolicy',
      /no "Statement"/,
    ],
    [
      'a policy that is too long',
      { repositoryPolicy: treeOf({ Statement: ['x'.repeat(10_240)] }) },
      'repositoryPolicy',
      /ECR accepts 10240/,
    ],
  ])('refuses %s', (_, settings, path, message) => {
    const faults = faultsOfSettings(settings)
    expect(faults.map((fault) => fault.path.join('.'))).toEqual([path])
    expect(faults[0]?.message).toMatch(message)
  })
})

describe('mergeSettings', () => {
  const block: RepositorySettings = {
    mutability: 'immutable',
    mutabilityExclude: ['latest'],
    scanOnPush: true,
    tags: { team: 'a', stage: 'dev' },
  }
  it.each<[string, RepositorySettings, RepositorySettings, RepositorySettings]>([
    ['keeps the block where no flag speaks', block, {}, block],
    ['takes flags alone', {}, block, block],
    [
      'lets a flag win',
      block,
      { mutabilityExclude: ['v*'] },
      { ...block, mutabilityExclude: ['v*'] },
    ],
    [
      'drops the exceptions of another mutability',
      block,
      { mutability: 'mutable' },
      { mutability: 'mutable', scanOnPush: true, tags: { team: 'a', stage: 'dev' } },
    ],
    [
      'adds to tags, one by one',
      block,
      { tags: { team: 'b', owner: 'x' } },
      { ...block, tags: { team: 'b', stage: 'dev', owner: 'x' } },
    ],
    [
      'replaces a key as a whole',
      { encryption: { type: 'KMS', key } },
      { encryption: { type: 'KMS' } },
      { encryption: { type: 'KMS' } },
    ],
  ])('%s', (_, listed, flags, merged) => {
    expect(mergeSettings(listed, flags)).toEqual(merged)
  })
})

describe('mutabilityName', () => {
  it.each([
    [{}, 'MUTABLE'],
    [{ mutability: 'mutable' }, 'MUTABLE'],
    [{ mutability: 'immutable' }, 'IMMUTABLE'],
    [{ mutability: 'mutable', mutabilityExclude: ['a'] }, 'MUTABLE_WITH_EXCLUSION'],
    [{ mutability: 'immutable', mutabilityExclude: ['a'] }, 'IMMUTABLE_WITH_EXCLUSION'],
  ] as const)('of %j is %s', (settings, name) => {
    expect(mutabilityName(settings)).toBe(name)
  })
})

describe('parseTag', () => {
  it.each([
    ['team=search', ['team', 'search']],
    ['team=', ['team', '']],
    ['a=b=c', ['a', 'b=c']],
    ['team', undefined],
    ['=x', undefined],
  ])('reads %s as %j', (text, tag) => {
    expect(parseTag(text)).toEqual(tag)
  })
})

describe('isIndifferent', () => {
  it.each<[RepositorySettings, boolean]>([
    [{}, true],
    [{ tags: {} }, true],
    [{ scanOnPush: false }, false],
    [{ encryption: { type: 'AES256' } }, false],
    [{ tags: { team: 'a' } }, false],
  ])('of %j is %s', (settings, indifferent) => {
    expect(isIndifferent(settings)).toBe(indifferent)
  })
})
