import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createStack, exporting, openAccount } from '../support/bootstrap/aws-account.ts'
import { exportString, startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import {
  callsOf,
  expectRefused,
  readOutput,
  statusesOf,
  writesOf,
} from '../support/bootstrap/run.ts'

// The settings that a deployed stack exports: which export is used, how it is parsed, and when it is rejected.

const made = await startBootstrap({ stages: ['dev', 'dev2'], subnets: { a: 'nat', b: 'nat' } })

describe.skipIf(made === undefined)('a bootstrap on an earlier deployment', () => {
  if (made === undefined) return
  const { account, cluster, run, world, moto } = made
  const { sandbox } = world
  const region = 'us-east-2'
  const skip = ['--skip-cfn-deploy', '--skip-console-exec']
  const on = (stage: string, ...more: readonly string[]) => [...skip, '--stage', stage, ...more]
  const usual = (stage: string) => exportString(world, { account: moto.account, region, stage })
  const exportAs = async (stage: string, value: string, where = account) => {
    const name = `MigrationsExportString-${stage}-${where.region}`
    await createStack(where, { name: `MA-${stage}`, template: exporting(name, value) })
  }
  /** Settings of a run in a region that the sandbox does not play: all of it is moto's, but for STS. */
  const elsewhere = (name: string) => ({
    env: {
      AWS_REGION: name,
      AWS_DEFAULT_REGION: name,
      AWS_ENDPOINT_URL_CLOUDFORMATION: moto.url,
      AWS_ENDPOINT_URL_STS: 'https://sts.us-east-2.amazonaws.com',
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    },
  })
  beforeAll(async () => {
    const far = usual('far').replace('export AWS_CFN_REGION', 'AWS_CFN_REGION')
    await exportAs('far', far, openAccount(moto, 'eu-west-1'))
  })
  beforeEach(() => sandbox.resetCounters())
  afterAll(() => made.close())

  test('uses the given stage, not one with the same prefix', async () => {
    const result = await run(on('dev', '--output', 'json'))
    expect(result.code, result.stderr).toBe(0)
    const output = readOutput(result)
    expect(output.deployment).toMatchObject({
      exportName: 'MigrationsExportString-dev-us-east-2',
      cluster,
      ecrRegistry: `${world.registry}/migration-ecr-dev`,
      registryHost: world.registry,
      snapshotRole: `arn:aws:iam::${moto.account}:role/snapshot-dev`,
      stage: 'dev',
      region,
      account: moto.account,
    })
    expect(output.release).toBe(version)
    expect(statusesOf(output)).toEqual({
      identity: 'done',
      artifacts: 'done',
      settings: 'done',
      cluster: 'done',
      'node-pool': 'unchanged',
      endpoints: 'unchanged',
      values: 'done',
      release: 'done',
      dashboards: 'done',
      console: 'unchanged',
    })
    expect(callsOf(made, 'monitoring')['PutDashboard']).toBe(2)
  })

  test('lists the stages if none is given', async () => {
    expectRefused(await run(skip), 2, [
      'error: 2 stacks in "us-east-2" export their settings:\n',
      '  MigrationsExportString-dev-us-east-2\n',
      '  MigrationsExportString-dev2-us-east-2\n',
      '→ choose one with --stage',
    ])
    expect(writesOf(made)).toBe(0)
  })

  test('names the existing stages if the given one does not exist', async () => {
    expectRefused(await run(on('prod')), 2, [
      'no stack in region "us-east-2" exports settings for stage "prod"; existing exports:\n',
      '  MigrationsExportString-dev-us-east-2\n',
      '→ choose one of these with --stage, or another region with --region',
    ])
  })

  test('names the region without a stack', async () => {
    expectRefused(await run(skip, elsewhere('ap-south-1')), 2, [
      'no stack in region "ap-south-1" has an export whose name starts with MigrationsExportString',
      '→ deploy one with --deploy-create-vpc-cfn or --deploy-import-vpc-cfn, or choose another region',
    ])
  })

  test('uses the region of the export if the environment names another', async () => {
    const { code, stderr } = await run(on('far', '--namespace', 'far'), elsewhere('eu-west-1'))
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/in eu-west-1 \(from AWS_REGION\)/)
    expect(stderr).toMatch(/ region +us-east-2 +from the export\n/)
    expect(stderr).toMatch(/ stage +far +from --stage\n/)
    expect(stderr).toContain('wrote MA-far-us-east-2-CaptureReplay')
  })

  test('rejects a --region that is not the export’s', async () => {
    const args = on('far', '--region', 'eu-west-1')
    expectRefused(await run(args, elsewhere('us-east-2')), 2, [
      'export "MigrationsExportString-far-eu-west-1" is for region "us-east-2", but --region is "eu-west-1"',
      '→ remove --region, or set --region us-east-2',
    ])
  })

  test('reads values with equals signs, quotes and line breaks', async () => {
    const value = usual('odd')
      .replace('snapshot-odd', 'path=a/snapshot=b')
      .replace(/MIGRATIONS_EKS_CLUSTER_NAME=[^;]+/, 'MIGRATIONS_EKS_CLUSTER_NAME="not-there"')
      .replaceAll('; ', ';\n')
    await exportAs('odd', value)
    expectRefused(await run(on('odd')), 3, [
      new RegExp(` snapshot role +arn:aws:iam::${moto.account}:role/path=a/snapshot=b\n`),
      'cluster "not-there" from the stack\'s export does not exist in region "us-east-2"',
    ])
  })

  const refusals: readonly (readonly [string, (value: string) => string, (string | RegExp)[]])[] = [
    [
      'that lack what is required, all of it at once',
      (value) =>
        value.replace(/MIGRATIONS_EKS_CLUSTER_NAME=/, 'X=').replace(/SNAPSHOT_ROLE=/, 'Y='),
      [/lacks MIGRATIONS_EKS_CLUSTER_NAME, SNAPSHOT_ROLE; it has X, MIGRATIONS_ECR_REGISTRY, Y, /],
    ],
    [
      'of another account',
      (value) => value.replace(/AWS_ACCOUNT=\d+/, 'AWS_ACCOUNT=999999999999'),
      [
        /is for account "999999999999", but the credentials belong to/,
        '→ use credentials of account 9999',
      ],
    ],
    [
      'with a registry of another account',
      (value) => value.replace(/(?<=REGISTRY=)\d+/, '999999999999'),
      ['names registry "999999999999.dkr.ecr.us-east-2.amazonaws.com"', '→ use credentials of'],
    ],
    [
      'with a registry that is none',
      (value) => value.replace(/(?<=REGISTRY=)[^;]+/, 'ghcr.io/mine'),
      ['names registry "ghcr.io", but that is not a private ECR registry', '→ redeploy the stack'],
    ],
    [
      'with a role behind which a line ends to helm',
      (value) => value.replace(/SNAPSHOT_ROLE=[^;]+/, '$&\u2028images: { installer: x }'),
      [/has SNAPSHOT_ROLE="arn:aws:iam::[^"]+", which is not a role ARN/],
    ],
  ]
  test.each(refusals)('rejects settings %s', async (what, change, words) => {
    const stage = what.replaceAll(/\W+/g, '-')
    await exportAs(stage, change(usual(stage)))
    const result = await run(on(stage, '--push-all-images-to-private-ecr'))
    expectRefused(result, /lack/.test(what) ? 3 : 2, words)
    expect(result.stderr).toMatch(/– Cluster +not run/)
    expect(writesOf(made)).toBe(0)
  })

  test.each([
    [
      'between the settings',
      (value: string, code: string) => `${value}; ${code}`,
      2,
      'is not of the form KEY=value',
    ],
    [
      'as a value',
      (value: string, code: string) => value.replace(/(?<=CLUSTER_NAME=)[^;]+/, `$(${code})`),
      2,
      'which is not the name of an EKS cluster',
    ],
  ] as const)('never executes shell code %s', async (where, change, code, words) => {
    const stage = `code-${where.replaceAll(' ', '-')}`
    const mark = join(await world.folderOf('marks'), stage)
    await exportAs(stage, change(usual(stage), `touch ${mark}`))
    expectRefused(await run(on(stage)), code, [words])
    await expect(access(mark), where).rejects.toThrow('ENOENT')
    expect(writesOf(made)).toBe(0)
  })
})
