import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RepositoryFlags } from '../../../../scripts/lib/commands/flags/repository.ts'
import {
  readRepositoryRequest,
  type RepositoryRequest,
} from '../../../../scripts/lib/mirror/target/settings.ts'
import { ProblemError, unwrap } from '../../../../scripts/lib/model/problem.ts'
import { parseEcrRegistry } from '../../../../scripts/lib/model/image/registry.ts'
import type { RepositorySettings } from '../../../../scripts/lib/model/repository/settings.ts'
import { makeTempFolder } from '../../support/temp-folder.ts'
import { treeOf } from '../../../../scripts/lib/model/values/values.ts'

const registry = unwrap(parseEcrRegistry('123456789012.dkr.ecr.us-east-2.amazonaws.com'))
const key = 'arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
let folder: string
beforeEach(() => {
  folder = makeTempFolder()
  for (const [name, text] of Object.entries({
    'lifecycle.json': '{"rules": [{"rulePriority": 1}]}',
    'policy.yaml': 'Version: 2012-10-17\nStatement: []\n',
    'broken.json': '{"rules": [\n  {]\n}',
  })) {
    writeFileSync(join(folder, name), text)
  }
})

function read(given: RepositoryFlags, repositories?: RepositorySettings) {
  const { repoLifecyclePolicy: lifecycle, repoPolicy: policy } = given
  const flags = {
    ...given,
    ...(lifecycle !== undefined && { repoLifecyclePolicy: join(folder, lifecycle) }),
    ...(policy !== undefined && { repoPolicy: join(folder, policy) }),
  }
  const manifest = { input: 'x', charts: [], images: [], relocation: {} }
  const origin = { kind: 'manifest', file: 'm.ts' } as const
  return readRepositoryRequest(
    flags,
    { ...manifest, ...(repositories && { repositories }) },
    registry,
    origin,
  )
}

describe('readRepositoryRequest', () => {
  it.each<[string, RepositoryFlags, RepositorySettings | undefined, RepositoryRequest]>([
    ['no requests', {}, undefined, { settings: {}, update: false, onPush: false }],
    [
      'every flag',
      {
        repoMutability: 'immutable',
        repoMutabilityExclude: ['latest'],
        repoKmsKey: key,
        repoScanOnPush: true,
        repoLifecyclePolicy: 'lifecycle.json',
        repoPolicy: 'policy.yaml',
        repoTag: ['team=a', 'note=b=c'],
        updateRepositories: true,
        createOnPush: true,
      },
      undefined,
      {
        settings: {
          mutability: 'immutable',
          mutabilityExclude: ['latest'],
          encryption: { type: 'KMS', key },
          scanOnPush: true,
          lifecyclePolicy: treeOf({ rules: [{ rulePriority: 1 }] }),
          repositoryPolicy: treeOf({ Version: '2012-10-17', Statement: [] }),
          tags: { team: 'a', note: 'b=c' },
        },
        update: true,
        onPush: true,
      },
    ],
    [
      'exceptions from the mutability of the block',
      { repoMutabilityExclude: ['v*'] },
      { mutability: 'immutable', mutabilityExclude: ['latest'] },
      {
        settings: { mutability: 'immutable', mutabilityExclude: ['v*'] },
        update: false,
        onPush: false,
      },
    ],
    [
      'the key of AWS in place of another, with the double encryption of the block',
      { repoKmsKey: 'aws-managed' },
      { encryption: { type: 'KMS_DSSE', key: 'alias/ecr' } },
      { settings: { encryption: { type: 'KMS_DSSE' } }, update: false, onPush: false },
    ],
    [
      'changes to what the block says',
      { updateRepositories: true },
      { scanOnPush: false },
      { settings: { scanOnPush: false }, update: true, onPush: false },
    ],
  ])('reads %s', async (_, flags, block, wishes) => {
    expect(await read(flags, block)).toEqual(wishes)
  })

  it.each<[string, RepositoryFlags, RepositorySettings | undefined, RegExp]>([
    [
      'too many exceptions',
      { repoMutability: 'mutable', repoMutabilityExclude: ['a', 'b', 'c', 'd', 'e', 'f'] },
      undefined,
      /^--repo-mutability-exclude: ECR accepts 1 to 5 filters, not 6$/,
    ],
    [
      'a key that is none',
      { repoKmsKey: 'mine' },
      undefined,
      /^--repo-kms-key: "mine" is not a KMS key/,
    ],
    [
      'a key of another region',
      { repoKmsKey: key.replace('us-east-2', 'eu-west-1') },
      undefined,
      /is in region "eu-west-1", but the registry is in "us-east-2"$/,
    ],
    [
      'a key of another partition in the block',
      {},
      { encryption: { type: 'KMS', key: key.replace('aws', 'aws-cn') } },
      /^KMS key "arn:aws-cn:/,
    ],
    ['a tag without a value', { repoTag: ['team'] }, undefined, /^invalid --repo-tag "team"$/],
    ['a tag of AWS', { repoTag: ['aws:x=y'] }, undefined, /^--repo-tag: "aws:x" is reserved/],
    [
      'a policy of the other kind',
      { repoPolicy: 'lifecycle.json' },
      undefined,
      /lifecycle\.json:1:1: this policy has no "Statement"$/,
    ],
    [
      'a policy with a syntax error',
      { repoLifecyclePolicy: 'broken.json' },
      undefined,
      /broken\.json:2:4: /,
    ],
    [
      'a policy that is not there',
      { repoLifecyclePolicy: 'none.json' },
      undefined,
      /^--repo-lifecycle-policy: file ".*none\.json" cannot be read: it does not exist$/,
    ],
    [
      'changes without requests',
      { updateRepositories: true },
      undefined,
      /^--update-repositories has no effect/,
    ],
  ])('refuses %s', async (_, flags, block, message) => {
    const error = await read(flags, block).catch((thrown: unknown) => thrown)
    if (!(error instanceof ProblemError)) throw new Error('it was accepted')
    expect(error.problems[0]?.message.split('\n')[0]).toMatch(message)
    expect(error.problems.every(({ side }) => side === 'input')).toBe(true)
  })

  it('tells everything that is wrong at once', async () => {
    const flags = { repoKmsKey: 'mine', repoMutabilityExclude: ['x'], repoTag: ['aws:x=y'] }
    await expect(read(flags)).rejects.toMatchObject({ problems: { length: 3 } })
  })
})
