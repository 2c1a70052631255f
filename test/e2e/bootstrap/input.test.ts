import { readdir } from 'node:fs/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import {
  askedHosts,
  expectRefused,
  importing,
  readOutput,
  statusesOf,
} from '../support/bootstrap/run.ts'

// User input: flags that are rejected before any request, the plan, and the output for machines.

const made = await startBootstrap({ subnets: { a: 'nat', b: 'nat' } })

describe.skipIf(made === undefined)('a bootstrap', () => {
  if (made === undefined) return
  const { cluster, network, run, world } = made
  const { sandbox } = world
  const skip = ['--skip-cfn-deploy', '--skip-console-exec']
  const create = ['--deploy-create-vpc-cfn', '--stack-name', 'MA']
  const importVpc = importing('MA', network)
  beforeEach(() => sandbox.resetCounters())
  afterAll(() => made.close())

  const usage: readonly (readonly [string, readonly string[], readonly (string | RegExp)[]])[] = [
    [
      'nothing at all',
      [],
      ['error: no deployment mode given', '--deploy-create-vpc-cfn  deploy', '--skip-cfn-deploy  '],
    ],
    [
      'two ways to deploy',
      [...create, '--skip-cfn-deploy'],
      ['--deploy-create-vpc-cfn and --skip-cfn-deploy cannot be combined'],
    ],
    ['no name of a stack', ['--deploy-create-vpc-cfn'], ['→ add --stack-name']],
    [
      'several flags without what they require, all at once',
      [...skip, '--vpc-id', 'vpc-0a', '--base-dir', 'x', '--prefix', 'y'],
      ['--vpc-id has no effect', '--base-dir has no effect', '--prefix has no effect'],
    ],
    [
      'several mistakes, all at once',
      [...importVpc, '--create-vpc-endpoints', 'sqs', '--stage', 'a b'],
      ['cannot create "sqs"', 'invalid --stage "a b"'],
    ],
    [
      'an endpoint that is none',
      [...importVpc, '--create-vpc-endpoints', 's3,sqs'],
      [
        'use one or more of s3, ecr, ecrDocker, cloudwatchLogs, efs, sts, eksAuth, monitoring, or all',
      ],
    ],
    [
      'a flag that is none',
      [...skip, '--use-public-images'],
      [/unknown option '--use-public-images'/],
    ],
    ['a region that is none', [...skip, '--region', 'ohio'], ['"ohio" from --region is not']],
    [
      'a build without a checkout',
      [...create, '--build-cfn', '--version', version],
      ['is not a checkout of the application', '→ set --base-dir to a checkout'],
    ],
    [
      'values that are not there',
      [...skip, '--helm-values', '/nowhere/values.yaml'],
      [/"\/nowhere\/values\.yaml"/],
    ],
    [
      'a prefix that ECR does not take',
      [...skip, '--push-all-images-to-private-ecr', '--prefix', 'A B'],
      [/prefix "A B"/],
    ],
  ]
  test.each(usage)('rejects %s, and sends no request', async (_, args, words) => {
    const { code, stderr, stdout } = await run(args)
    expect(code, stderr).toBe(2)
    for (const one of words) expect(stderr).toMatch(one)
    expect(stdout).toBe('')
    expect(askedHosts(made)).toEqual([])
  })

  test.each([
    ['on an earlier deployment', skip],
    ['into a VPC', importVpc],
  ])('refuses to work %s when no region is named anywhere', async (_, args) => {
    const env = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined }
    expectRefused(await run(args, { env }), 2, [
      'error: no region is set',
      '→ set one with --region, AWS_REGION or the profile',
    ])
    expect(askedHosts(made)).toEqual([])
  })

  test('uses the region of AWS_DEFAULT_REGION or the profile, and reports it', async () => {
    const env = { AWS_REGION: undefined }
    expect((await run(skip, { env })).stderr).toMatch(/ region +us-east-2 +from AWS_DEFAULT_REGION/)
    const config = await world.write('config', '[profile work]\nregion = us-east-2\n')
    const profile = { ...env, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: config }
    const key = { ...profile, AWS_PROFILE: 'work', ...(await credentialsFile()) }
    expect((await run(skip, { env: key })).stderr).toMatch(
      / region +us-east-2 +from the AWS profile/,
    )
  })

  async function credentialsFile() {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = sandbox.environment
    const text = `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
    return {
      AWS_SHARED_CREDENTIALS_FILE: await world.write('credentials', text),
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    }
  }

  test('prints a plan, changes nothing, and then runs exactly that plan', async () => {
    const admin = `arn:aws:iam::${made.moto.account}:role/Admin`
    const words = `--namespace plan --disable-general-purpose-pool --eks-access-principal-arn ${admin}`
    const args = [...skip, ...words.split(' '), '--output', 'json']
    const before = await readdir(await world.folderOf('state'))
    const planned = await run([...args, '--plan'])
    expect(planned.code, planned.stderr).toBe(0)
    expect(planned.stderr).toBe('')
    expect(askedHosts(made)).toEqual([])
    expect(await readdir(await world.folderOf('state'))).toEqual(before)

    const result = await run(args)
    expect(result.code, result.stderr).toBe(0)
    const ids = ({ steps }: ReturnType<typeof readOutput>) => steps.map(({ id }) => id)
    expect(ids(readOutput(result))).toEqual(ids(readOutput(planned)))
    expect(statusesOf(readOutput(result))).toMatchObject({
      access: 'done',
      'node-pool': 'unchanged',
      'node-pool-off': 'done',
    })
  })

  test.each([
    ['an earlier deployment', skip, ['Deployment settings', 'Installation (may change something)']],
    [
      'a VPC of its own',
      create,
      ['Stack (may change something)', 'create or update stack "MA" with Stage=dev'],
    ],
    ['an import', importVpc, ['Subnets', `VPCId=${network.vpcId}`]],
  ])('prints the plan of %s for people', async (_, args, words) => {
    const { code, stdout, stderr } = await run([...args, '--plan'])
    expect(code, stderr).toBe(0)
    for (const one of words) expect(stdout).toContain(one)
    expect(askedHosts(made)).toEqual([])
  })

  test('prints a failure for machines, with completed and remaining steps', async () => {
    sandbox.setCluster(cluster, { status: 'FAILED' })
    const result = await run([...skip, '--output', 'json', '--quiet'])
    sandbox.setCluster(cluster, { status: 'ACTIVE' })
    expectRefused(result, 3, [`cluster "${cluster}" is in state FAILED`])
    expect(result.stderr).not.toMatch(/\[ ?\d+\/\d+\]/)
    const output = readOutput(result)
    expect(statusesOf(output)).toEqual({
      identity: 'done',
      artifacts: 'done',
      settings: 'done',
      cluster: 'failed',
      'node-pool': 'left',
      endpoints: 'left',
      values: 'left',
      release: 'left',
      dashboards: 'left',
      console: 'left',
    })
    expect(output.problems).toMatchObject([{ kind: 'conflict' }])
    expect(output).toMatchObject({
      deployment: { stage: 'dev', region: 'us-east-2' },
      release: version,
    })
  })
})
