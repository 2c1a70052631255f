import { describe, expect, it } from 'vitest'
import {
  chooseExport,
  matchingExports,
  parseExportString,
  readDeployment,
} from '../../../../scripts/lib/bootstrap/application/exports.ts'
import { expectUntouchedGlobals } from '../../support/globals.ts'

const name = 'MigrationsExportString-dev-us-east-2'

describe('An export string is parsed and never evaluated', () => {
  const cases: readonly (readonly [string, string, Record<string, string>])[] = [
    ['statements with export', 'export A=1; export B=two;', { A: '1', B: 'two' }],
    ['statements without it', 'A=1;B=2', { A: '1', B: '2' }],
    ['= inside a value', 'export ARN=a=b==', { ARN: 'a=b==' }],
    ['an empty value', 'export A=; export B=2', { A: '', B: '2' }],
    [
      'quotes around a value, with a semicolon in it',
      `export A="x; y"; export B='z'`,
      { A: 'x; y', B: 'z' },
    ],
    ['line ends between statements', 'export A=1\nexport B=2\n', { A: '1', B: '2' }],
    [
      'a command substitution stays text',
      'export A=$(touch /tmp/x); export B=`id`',
      { A: '$(touch /tmp/x)', B: '`id`' },
    ],
    ['a key with digits and underscores', 'export _A1=x', { _A1: 'x' }],
    ['nothing at all', '', {}],
  ]
  it.each(cases)('%s', (_, value, expected) => {
    expect(parseExportString({ name, value })).toEqual({ ok: true, value: expected })
  })

  it.each([
    ['a command', 'export A=1; rm -rf /'],
    ['a key that begins with a digit', '1A=x'],
    ['a key with a dash', 'export A-B=x'],
  ])('%s is refused and quoted', (_, value) => {
    const parsed = parseExportString({ name, value })
    expect(parsed.ok).toBe(false)
    expect(!parsed.ok && parsed.problem.message).toContain('which is not of the form KEY=value')
  })
})

describe('A stage matches whole parts of an export’s name', () => {
  const names = [
    'MigrationsExportString-dev-us-east-2',
    'MigrationsExportString-dev2-us-east-2',
    'MigrationsExportString-my-dev-us-east-2',
    'OtherExport-dev-us-east-2',
  ]
  const listed = names.map((one) => ({ name: one, value: '' }))
  it.each([
    [undefined, [0, 1, 2]],
    ['dev', [0, 2]],
    ['dev2', [1]],
    ['de', []],
    ['my-dev', [2]],
    ['d.v', []],
  ] as const)('%s', (stage, expected) => {
    expect(matchingExports(listed, stage).map((one) => one.name)).toStrictEqual(
      expected.map((at) => names[at]),
    )
  })

  it('what an export says of its own stage settles what names leave open', () => {
    const doubtful = [
      { name: 'MigrationsExportString-dev-us-east-2', value: 'export STAGE=dev' },
      { name: 'MigrationsExportString-dev-2-us-east-2', value: 'export STAGE=dev-2' },
    ]
    expect(matchingExports(doubtful, 'dev')).toStrictEqual([doubtful[0]])
    expect(matchingExports(doubtful, 'dev-2')).toStrictEqual([doubtful[1]])
  })
})

describe('The export to go by', () => {
  const one = { name, value: 'export STAGE=dev' }
  const two = { name: 'MigrationsExportString-prod-us-east-2', value: 'export STAGE=prod' }
  const of = (stage?: string) => ({ stage, region: 'us-east-2' })

  it('is the only one there is', () => {
    expect(chooseExport([one], of())).toStrictEqual({ ok: true, value: one })
  })
  it('is the one of the stage', () => {
    expect(chooseExport([one, two], of('prod'))).toStrictEqual({ ok: true, value: two })
  })
  it.each([
    [
      'none at all: how to deploy, and which region was searched',
      [],
      undefined,
      /no stack in region "us-east-2"/,
      /--deploy-create-vpc-cfn.*--region/,
    ],
    [
      'none of the stage: those there are',
      [two],
      'dev',
      /no stack.*stage "dev"[\s\S]*MigrationsExportString-prod/,
      /--stage/,
    ],
    [
      'several: they are listed',
      [one, two],
      undefined,
      /2 stacks[\s\S]*-dev-[\s\S]*-prod-/,
      /--stage/,
    ],
  ] as const)('%s', (_, exports, stage, message, next) => {
    const chosen = chooseExport(exports, of(stage))
    expect(chosen.ok).toBe(false)
    if (chosen.ok) return
    expect(chosen.problem.message).toMatch(message)
    expect(chosen.problem.next).toMatch(next)
  })
})

describe('The settings of a deployment', () => {
  const settings = {
    MIGRATIONS_EKS_CLUSTER_NAME: 'ma-cluster',
    MIGRATIONS_ECR_REGISTRY: '123456789012.dkr.ecr.us-east-2.amazonaws.com/migration-ecr-dev',
    SNAPSHOT_ROLE: 'arn:aws:iam::123456789012:role/snapshot',
  }
  it('takes the host out of a registry with a repository path', () => {
    const read = readDeployment(name, settings)
    expect(read.ok && read.value).toMatchObject({
      cluster: 'ma-cluster',
      ecrRegistry: settings.MIGRATIONS_ECR_REGISTRY,
      registryHost: '123456789012.dkr.ecr.us-east-2.amazonaws.com',
      qualifier: '',
    })
  })
  it('knows the other names that they have had', () => {
    const read = readDeployment(name, {
      EKSClusterName: 'c',
      ECRRegistry: 'registry.example.com',
      SnapshotRole: 'arn:aws-cn:iam::123456789012:role/a/b',
    })
    expect(read.ok && read.value).toMatchObject({
      cluster: 'c',
      ecrRegistry: 'registry.example.com',
      snapshotRole: 'arn:aws-cn:iam::123456789012:role/a/b',
    })
  })
  it.each([
    ['MIGRATIONS_EKS_CLUSTER_NAME', '--kubeconfig=x', 'is not the name of an EKS cluster'],
    ['MIGRATIONS_EKS_CLUSTER_NAME', 'a/../b', 'is not the name of an EKS cluster'],
    ['MIGRATIONS_EKS_CLUSTER_NAME', 'c'.repeat(101), 'is not the name of an EKS cluster'],
    ['MIGRATIONS_ECR_REGISTRY', '--init-script=x', 'is not a registry'],
    ['MIGRATIONS_ECR_REGISTRY', 'r.example/a -Pb=c', 'is not a registry'],
    ['MIGRATIONS_ECR_REGISTRY', 'r.example/a:tag', 'is not a registry'],
    ['AWS_CFN_REGION', 'evil.example/#', 'is not an AWS region'],
    ['STAGE', '../../../etc', 'is not a stage'],
    ['STAGE', '-x', 'is not a stage'],
    ['STAGE', 'a\nb', 'is not a stage'],
  ])('refuses %s %j, which no stack of the application exports', (key, value, words) => {
    const read = readDeployment(name, { ...settings, [key]: value })
    expect(!read.ok && read.problem.message).toContain(words)
  })
  it.each(Object.keys(settings))('names a missing %s', (key) => {
    const read = readDeployment(name, { ...settings, [key]: '' })
    expect(!read.ok && read.problem.message).toContain(`lacks ${key}`)
  })

  const role = 'arn:aws:iam::123456789012:role/x'
  it.each([
    [
      'a cluster that is a path',
      'MIGRATIONS_EKS_CLUSTER_NAME',
      '../../x',
      'the name of an EKS cluster',
    ],
    ['a cluster that is code', 'MIGRATIONS_EKS_CLUSTER_NAME', '$(touch x)', 'the name of an EKS'],
    ['a registry that is a flag', 'MIGRATIONS_ECR_REGISTRY', '--x', 'a registry'],
    ['a registry with a login', 'MIGRATIONS_ECR_REGISTRY', 'u:p@evil.example/x', 'a registry'],
    ['a registry with a path upwards', 'MIGRATIONS_ECR_REGISTRY', 'r.io/a/../b', 'a registry'],
    ['a role with a line separator', 'SNAPSHOT_ROLE', `${role}\u2028images: {}`, 'a role ARN'],
    ['a role with a line break', 'SNAPSHOT_ROLE', `${role}\nimages: {}`, 'a role ARN'],
    ['a role that is a user', 'SNAPSHOT_ROLE', 'arn:aws:iam::123456789012:user/x', 'a role ARN'],
    ['an account with letters', 'AWS_ACCOUNT', '12345678901x', 'an AWS account ID'],
    ['a region that is a host', 'AWS_CFN_REGION', 'us-east-1.evil.example', 'an AWS region'],
    ['a stage that is a path', 'STAGE', '../../../home', 'a stage'],
    ['a stage of dots', 'STAGE', '..', 'a stage'],
    ['a stage that is too long', 'STAGE', 'x'.repeat(64), 'a stage'],
    ['a VPC that is none', 'VPC_ID', 'vpc-0a b', 'a VPC ID'],
    ['a qualifier with a quote', 'MA_QUALIFIER', 'a"b', 'a word'],
  ])('refuses %s, with the names of export and setting', (_, key, value, what) => {
    const read = readDeployment(name, { ...settings, [key]: value })
    const message = read.ok ? 'read' : read.problem.message
    expect(message).toContain(`export "${name}" has ${key}="${value}", which is not ${what}`)
  })

  it('names every setting that is not what it should be at once', () => {
    const read = readDeployment(name, { ...settings, STAGE: 'A', VPC_ID: 'x' })
    expect(read.ok ? '' : read.problem.message.split('\n')).toHaveLength(2)
  })

  it.each([['us-east-2', 'us-gov-west-1', 'us-isob-east-1', 'eusc-de-east-1', 'cn-northwest-1']])(
    'takes regions of every partition',
    (...regions) => {
      for (const region of regions) {
        const read = readDeployment(name, { ...settings, AWS_CFN_REGION: region })
        expect(read.ok && read.value.region).toBe(region)
      }
    },
  )

  it('never makes a property of every object of a key', () => {
    const value = 'export __proto__=x; export constructor=y; export STAGE=dev'
    const read = parseExportString({ name, value })
    expect(read.ok && Object.keys(read.value)).toEqual(['__proto__', 'constructor', 'STAGE'])
    expectUntouchedGlobals()
  })
})
