import { describe, expect, it } from 'vitest'
import {
  expectRepositories,
  templateFor,
} from '../../../../scripts/lib/mirror/target/repositories.ts'
import {
  explainDrift,
  explainLeft,
} from '../../../../scripts/lib/mirror/target/repositories-text.ts'
import type { Difference, Drift } from '../../../../scripts/lib/model/repository/drift.ts'

describe('templateFor', () => {
  const templates = ['ROOT', 'team', 'team/a'].map((prefix) => ({ prefix, tags: {} }))
  it.each([
    ['team/a/b', 'team/a'],
    ['team/ab', 'team'],
    ['team', 'ROOT'],
    ['teams/x', 'ROOT'],
  ])('gives %s the template of %s', (name, prefix) => {
    expect(templateFor(templates, name)?.prefix).toBe(prefix)
    expect(templateFor([], name)).toBeUndefined()
  })
  it('finds none where no prefix matches', () => {
    expect(templateFor(templates.slice(1), 'other/x')).toBeUndefined()
  })
})

describe('expectRepositories', () => {
  const existing = new Map([
    [
      'r',
      {
        name: 'r',
        arn: '',
        mutability: 'IMMUTABLE_WITH_EXCLUSION',
        exclusions: ['a'],
        encryption: 'AES256',
        scanOnPush: false,
      },
    ],
  ])
  it.each([
    ['as it is', { mutability: 'mutable' }, false, 'IMMUTABLE_WITH_EXCLUSION', ['a']],
    ['as it is without a wish', { scanOnPush: true }, true, 'IMMUTABLE_WITH_EXCLUSION', ['a']],
    ['as it will be', { mutability: 'mutable' }, true, 'MUTABLE', []],
    [
      'with its exceptions',
      { mutability: 'immutable', mutabilityExclude: ['b'] },
      true,
      'IMMUTABLE_WITH_EXCLUSION',
      ['b'],
    ],
  ] as const)('takes a repository %s', (_, settings, update, mutability, exclusions) => {
    const expected = expectRepositories(existing, { settings, update, onPush: false })
    expect(expected.get('r')).toMatchObject({ mutability, exclusions })
  })
})

describe('explainDrift', () => {
  const mutability: Difference = {
    setting: 'mutability',
    is: 'MUTABLE',
    wanted: 'IMMUTABLE',
    changeable: true,
  }
  const encryption: Difference = {
    setting: 'encryption',
    is: 'AES256',
    wanted: 'KMS',
    changeable: false,
  }
  const policy: Difference = {
    setting: 'repositoryPolicy',
    is: 'none',
    wanted: `{"Statement":["${'x'.repeat(100)}"]}`,
    changeable: true,
  }
  const drift = (count: number, ...differences: readonly Difference[]): Drift[] =>
    Array.from({ length: count }, (_, index) => ({ repository: `r${index}`, arn: '', differences }))

  it.each([
    [
      'names a few',
      drift(2, mutability),
      false,
      /^repository r0, repository r1: mutability is MUTABLE, requested IMMUTABLE; rerun with --update-repositories to change it$/,
    ],
    ['counts many', drift(4, mutability), true, /^4 repositories: .*; will be changed$/],
    ['says what stays', drift(1, encryption), true, /; ECR cannot change it later: /],
    ['cuts policies', drift(1, policy), false, /requested \{"Statement":\["x{45}…; /],
  ])('%s', (_, given, update, line) => {
    const lines = explainDrift(given, update)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(line)
  })
  it('has a line for each difference', () => {
    const given = [...drift(1, mutability, encryption), ...drift(2, mutability).slice(1)]
    expect(explainDrift(given, false)).toHaveLength(2)
    expect(explainDrift([], false)).toEqual([])
  })
})

describe('explainLeft', () => {
  it.each([
    ['nothing for nothing', [], { team: 'a' }, 0],
    ['that a clean-up will not find it', ['r'], { team: 'a' }, 2],
    ['no more where the template gives our tag', ['r'], { 'chart-syncer': 'true' }, 1],
  ])('says %s', (_, left, tags, lines) => {
    expect(explainLeft(left, [{ prefix: 'ROOT', tags }])).toHaveLength(lines)
  })
})
