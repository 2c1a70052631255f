import { writeFile } from 'node:fs/promises'
import { DeleteDashboardsCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { accessKey } from '../../../scripts/sandbox/aws/credentials.ts'
import { stateOf } from '../support/bootstrap/aws-account.ts'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'
import {
  callsOf,
  expectRefused,
  importing,
  readOutput,
  statusesOf,
} from '../support/bootstrap/run.ts'

// AWS failures: throttled, denied, or with credentials that are missing, expire, or are renewed during a run.

const made = await startBootstrap()

describe.skipIf(made === undefined)('a bootstrap', () => {
  if (made === undefined) return
  const { account, cluster, network, run, start, world } = made
  const { sandbox } = world
  const principal = `arn:aws:iam::${made.moto.account}:user/sandbox`
  const admin = `arn:aws:iam::${made.moto.account}:role/Admin`
  const skip = ['--skip-cfn-deploy', '--stage', 'dev', '--skip-console-exec']
  const plain = [...skip, '--ignore-checks']
  const mirrored = [...skip, '--push-all-images-to-private-ecr']
  const access = [...plain, '--eks-access-principal-arn', admin]
  const creating = (stage: string) =>
    `--deploy-create-vpc-cfn --stack-name MA-${stage} --stage ${stage}`.split(' ')
  const imported = [...importing('MA-import', network), '--push-all-images-to-private-ecr']
  beforeEach(() => {
    sandbox.setCredentials('ok')
    sandbox.resetCounters()
  })
  afterAll(() => made.close())

  const setPools = (nodePools: readonly string[]) => {
    const { computeConfig } = sandbox.eksCluster(cluster)?.settings ?? {}
    sandbox.setCluster(cluster, { computeConfig: { enabled: true, ...computeConfig, nodePools } })
  }

  test('survives throttled calls', async () => {
    const throttled = [
      'ListExports',
      'DescribeCluster',
      'DescribeSubnets',
      'DescribeVpcEndpoints',
      'PutDashboard',
    ]
    const rateLimit = { perSecond: 0.001, burst: 0 }
    const rules = throttled.map((operation) =>
      sandbox.addFault({ operation, times: 1, effect: { rateLimit } }),
    )
    const { code, stderr } = await run(mirrored)
    rules.forEach((remove) => remove())
    expect(code, stderr).toBe(0)
    expect(stderr).not.toMatch(/Rate exceeded|throttl/i)
    expect(callsOf(made, 'cloudformation')).toEqual({ ListExports: 2 })
    expect(callsOf(made, 'ec2')).toMatchObject({ DescribeSubnets: 2, DescribeVpcEndpoints: 2 })
    expect(callsOf(made, 'eks')['DescribeCluster']).toBe(3)
  })

  test('survives throttled calls during a deployment', async () => {
    const rateLimit = { perSecond: 0.001, burst: 0 }
    const operations = ['DescribeStacks', 'CreateStack', 'DescribeStackEvents']
    const rules = operations.map((operation) =>
      sandbox.addFault({ operation, times: 2, effect: { rateLimit } }),
    )
    const result = await run(creating('slow'))
    rules.forEach((remove) => remove())
    expectRefused(result, 1, ['stack "MA-slow" created', "from the stack's export does not exist"])
  })

  const denials: readonly (readonly [string, string, readonly string[], 1 | 3])[] = [
    ['cloudformation', 'ListExports', plain, 3],
    ['cloudformation', 'DescribeStacks', creating('x'), 3],
    ['cloudformation', 'GetTemplateSummary', creating('x'), 3],
    ['cloudformation', 'CreateStack', creating('x'), 3],
    ['cloudformation', 'DescribeStackEvents', creating('events'), 1],
    ['ec2', 'DescribeSubnets', imported, 3],
    ['ec2', 'DescribeRouteTables', imported, 3],
    ['ec2', 'DescribeVpcEndpoints', mirrored, 3],
    ['eks', 'DescribeCluster', plain, 3],
    ['eks', 'UpdateClusterConfig', plain, 3],
    ['eks', 'DescribeUpdate', plain, 1],
    ['eks', 'DescribeAccessEntry', access, 3],
    ['eks', 'CreateAccessEntry', access, 3],
    ['eks', 'AssociateAccessPolicy', access, 1],
    ['ecr', 'DescribeRepositories', mirrored, 3],
    ['cloudwatch', 'GetDashboard', [...plain, '--namespace', 'denied'], 1],
  ]
  test.each(denials)(
    'names action and principal when %s:%s is denied',
    async (service, operation, args, code) => {
      setPools(
        ['UpdateClusterConfig', 'DescribeUpdate'].includes(operation)
          ? ['system']
          : ['general-purpose', 'system'],
      )
      sandbox.setCredentials('denied', [operation])
      const result = await run(args)
      expectRefused(result, code, [
        new RegExp(
          `error: ${service}:${operation}: .*${principal} is not authorized to perform: ${service}:${operation}`,
        ),
        `→ allow ${service}:${operation} for this principal`,
      ])
      expect(result.stderr.match(/^error:/gm)).toHaveLength(1)
    },
  )

  test('stops without credentials, and suggests how to provide them', async () => {
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
    expectRefused(await run(plain, { env }), 3, [
      /error: sts:GetCallerIdentity: Could not load credentials/,
      '→ provide credentials with AWS_PROFILE',
      /✘ Account and region/,
    ])
  })

  test('stops with expired credentials, and suggests how to renew them', async () => {
    sandbox.setCredentials('expired')
    const result = await run([...plain, '--output', 'json'])
    expectRefused(result, 3, [
      'error: sts:GetCallerIdentity: The security token included in the request is expired',
      '→ renew the AWS credentials',
    ])
    const output = readOutput(result)
    expect(output.problems).toMatchObject([{ kind: 'credentials-expired' }])
    expect(statusesOf(output)).toMatchObject({
      identity: 'failed',
      settings: 'left',
      release: 'left',
    })
  })

  test('continues after credentials expired while waiting for the stack', async () => {
    sandbox.setCredentials('expired', ['DescribeStackEvents'])
    expectRefused(await run(creating('long')), 1, [
      'cloudformation:DescribeStackEvents: The security token included in the request is expired',
      '→ renew the AWS credentials',
      /✘ Stack /,
    ])
    expect(await stateOf(account, 'MA-long')).toBe('CREATE_COMPLETE')
    sandbox.setCredentials('ok')
    expectRefused(await run(creating('long')), 3, [
      /= Stack .* stack "MA-long" is up to date/,
      'cluster "migration-eks-cluster-long-us-east-2" from the stack\'s export does not exist',
    ])
  })

  test('continues after credentials expired at the dashboards', async () => {
    const args = [...plain, '--namespace', 'late']
    // Other runs have put them.
    const DashboardNames = ['CaptureReplay', 'ReindexFromSnapshot'].map(
      (name) => `MA-dev-us-east-2-${name}`,
    )
    await account.cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames }))
    sandbox.setCredentials('expired', ['PutDashboard'])
    const first = await run(args)
    expectRefused(first, 1, [
      /error: cloudwatch:PutDashboard: .*expired/,
      '→ renew the AWS credentials',
      /✔ Installation /,
      /– Console +not run/,
    ])
    sandbox.setCredentials('ok')
    const { code, stderr } = await run(args)
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/= release "late" in namespace "late" is up to date/)
  })

  test('uses credentials that are renewed in their file, including for the cluster', async () => {
    const file = await world.write('credentials', keys('AKIAOUTOFDATE0000000', 'old'))
    const env = {
      AWS_PROFILE: 'work',
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    }
    const rule = { operation: 'ListExports', times: 1 }
    sandbox.addFault({ ...rule, effect: { latency: 1500 } })
    sandbox.addFault({ ...rule, effect: { status: 403, body: expired } })
    const running = start([...plain, '--namespace', 'renewed'], { env })
    await running.saw(/Deployment settings/)
    // Of keys only those in the cluster's tokens are looked at.
    await writeFile(file, keys(accessKey.id, accessKey.secret))
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(0)
    expect(stderr).not.toMatch(/expired/)
    expect(callsOf(made, 'cloudformation')).toEqual({ ListExports: 2 })
    expect(sandbox.kubernetes(cluster).tokenChecks().refused).toEqual([])
  })
})

const expired = `<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error><RequestId>r</RequestId></ErrorResponse>`

function keys(id: string, secret: string): string {
  return `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
}
