import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createStack,
  exporting,
  readTemplate,
  setStackState,
  stateOf,
} from '../support/bootstrap/aws-account.ts'
import { createNetwork } from '../support/bootstrap/aws-network.ts'
import { startBootstrap, version } from '../support/bootstrap/bootstrap.ts'
import { callsOf, expectRefused, importing, writesOf } from '../support/bootstrap/run.ts'

// Stacks: deployed from the release's templates, updated, left unchanged, rejected; and the messages of failed ones.

const made = await startBootstrap({ stages: [], subnets: { a: 'nat', b: 'nat' } })
const isolated =
  made &&
  (await createNetwork(made.account, {
    name: 'isolated',
    prefix: '10.30',
    subnets: { own: 'isolated', left: 'main' },
  }))

interface TemplateShape {
  readonly Parameters: Record<string, { Default?: string }>
  readonly Conditions: Record<string, object>
  readonly Resources: Record<string, object>
  readonly Outputs: Record<string, object>
}

describe.skipIf(made === undefined)('a bootstrap', () => {
  if (made === undefined || isolated === undefined) return
  const { account, network, run, site, world } = made
  const { sandbox } = world
  const nodePools = {
    enabled: true,
    nodePools: ['general-purpose', 'system'],
    nodeRoleArn: `arn:aws:iam::${made.moto.account}:role/nodes`,
  }
  const addCluster = (stage: string, { vpcId, subnets } = network) => {
    const subnetIds = Object.values(subnets)
    sandbox.setCluster(`migration-eks-cluster-${stage}-us-east-2`, {
      vpcId,
      subnetIds,
      computeConfig: nodePools,
    })
  }
  const creating = (stage: string) => {
    const words = `--deploy-create-vpc-cfn --stack-name MA-${stage} --stage ${stage}`
    return [...words.split(' '), '--skip-console-exec']
  }
  const parametersOf = async (StackName: string) => {
    const { Stacks } = await account.cloudFormation.send(new DescribeStacksCommand({ StackName }))
    const list = Stacks?.[0]?.Parameters ?? []
    return Object.fromEntries(
      list.map(({ ParameterKey = '', ParameterValue }) => [ParameterKey, ParameterValue]),
    )
  }
  /** Publishes another template, and returns what keeps a run from using one that was downloaded before. */
  let caches = 0
  const publish = async (kind: 'create' | 'import', text: string) => {
    site.files.set(templatePath(kind), Buffer.from(text))
    caches += 1
    return { env: { ECR_AIRLIFT_CACHE: await world.folderOf(`cache-${caches}`) } }
  }
  const changed = async (kind: 'create' | 'import', change: (template: TemplateShape) => void) => {
    const template = JSON.parse(await readTemplate(`${kind}-vpc`)) as TemplateShape
    change(template)
    return JSON.stringify(template)
  }
  beforeEach(() => sandbox.resetCounters())
  afterAll(() => made.close())

  test('creates a VPC and installs into it; a second run finds everything done', async () => {
    addCluster('new')
    const first = await run(creating('new'))
    expect(first.code, first.stderr).toBe(0)
    expect(first.stderr).toContain('✔ stack "MA-new" created (CREATE_COMPLETE)')
    expect(first.stderr).toContain('✔ from export "MigrationsExportString-new-us-east-2"')
    expect(first.stderr).toMatch(/✔ release "ma" installed/)
    expect(await parametersOf('MA-new')).toMatchObject({ Stage: 'new' })
    const cluster = 'migration-eks-cluster-new-us-east-2'
    expect(sandbox.kubernetes(cluster).images().length).toBeGreaterThan(0)

    sandbox.resetCounters()
    const second = await run(creating('new'))
    expect(second.code, second.stderr).toBe(0)
    expect(second.stderr).toContain('= stack "MA-new" is up to date (CREATE_COMPLETE)')
    expect(second.stdout).toContain('Nothing to do')
    expect(callsOf(made, 'cloudformation')).toMatchObject({ UpdateStack: 1, DescribeStacks: 1 })
  })

  test('imports a VPC, with endpoints that then serve all of its isolated subnets', async () => {
    addCluster('imp', isolated)
    const args = [...importing('MA-imp', isolated), '--stage', 'imp', '--create-vpc-endpoints']
    const all = [...args, '--push-all-images-to-private-ecr', '--skip-console-exec']
    const { code, stderr } = await run(all)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('✔ all endpoints that isolated subnets need are present')
    expect(stderr).not.toContain('recommended endpoints that are missing')
    const tables = [isolated.mainTable, isolated.tables.isolated ?? ''].toSorted()
    const {
      S3EndpointRouteTableIds = '',
      VPCSubnetIds = '',
      ...rest
    } = await parametersOf('MA-imp')
    // moto writes lists in its own way.
    expect(S3EndpointRouteTableIds.match(/rtb-\w+/g)?.toSorted()).toEqual(tables)
    expect(VPCSubnetIds.match(/subnet-\w+/g)).toEqual(Object.values(isolated.subnets))
    expect(rest).toEqual({
      Stage: 'imp',
      VPCId: isolated.vpcId,
      CreateS3Endpoint: 'true',
      CreateECREndpoint: 'true',
      CreateECRDockerEndpoint: 'true',
      CreateCloudWatchLogsEndpoint: 'true',
      CreateEFSEndpoint: 'true',
      CreateSTSEndpoint: 'true',
      CreateEKSAuthEndpoint: 'true',
      CreateCloudWatchMonitoringEndpoint: 'true',
    })
    const Filters = [{ Name: 'vpc-id', Values: [isolated.vpcId] }]
    const { VpcEndpoints = [] } = await account.ec2.send(
      new DescribeVpcEndpointsCommand({ Filters }),
    )
    expect(VpcEndpoints).toHaveLength(8)
    const s3 = VpcEndpoints.find(({ VpcEndpointType }) => VpcEndpointType === 'Gateway')
    expect(s3?.RouteTableIds?.toSorted()).toEqual(tables)
  })

  // Their clusters are not there, at which these runs end.
  describe('that has deployed before', () => {
    const args = [...importing('MA-again', network), '--stage', 'again']

    test('updates differences, and keeps the parameters that it does not set', async () => {
      expectRefused(await run([...args, '--create-vpc-endpoints', 'sts,s3']), 1, ['created'])
      const before = await parametersOf('MA-again')
      sandbox.resetCounters()
      expectRefused(await run(args), 3, [/= Stack .* stack "MA-again" is up to date/])
      expect(await parametersOf('MA-again')).toEqual(before)

      expectRefused(await run([...args, '--create-vpc-endpoints', 'ecr']), 1, [
        'stack "MA-again" updated (UPDATE_COMPLETE)',
      ])
      expect(await parametersOf('MA-again')).toEqual({ ...before, CreateECREndpoint: 'true' })
      expect(before['CreateSTSEndpoint']).toBe('true')
    })
  })

  test('refuses to change a stack’s stage to the default', async () => {
    expectRefused(await run(creating('staged')), 1, ['stack "MA-staged" created'])
    sandbox.resetCounters()
    const args = ['--deploy-create-vpc-cfn', '--stack-name', 'MA-staged']
    expectRefused(await run(args), 2, [
      'stack "MA-staged" was deployed with Stage=staged, but this run defaults to dev',
      '→ add --stage staged to keep it, or --stage dev to change it',
    ])
    expect(writesOf(made)).toBe(0)
  })

  describe('from a template', () => {
    test('that lacks a parameter is rejected before anything is created', async () => {
      const text = await changed('import', ({ Parameters }) => {
        Reflect.deleteProperty(Parameters, 'CreateSTSEndpoint')
      })
      const args = [...importing('MA-old', network), '--create-vpc-endpoints', 'sts,s3']
      expectRefused(await run(args, await publish('import', text)), 2, [
        'error: the template has no parameter "CreateSTSEndpoint"',
        '; existing parameters: Stage, VPCId, ',
      ])
      expect(writesOf(made)).toBe(0)
    })

    test('that is older gets all its own parameters when all endpoints are requested', async () => {
      const text = await changed('import', ({ Parameters, Conditions, Resources }) => {
        Reflect.deleteProperty(Parameters, 'CreateEKSAuthEndpoint')
        Reflect.deleteProperty(Conditions, 'WithEKSAuth')
        Reflect.deleteProperty(Resources, 'EKSAuthEndpoint')
      })
      const args = [...importing('MA-older', network), '--stage', 'older', '--create-vpc-endpoints']
      expectRefused(await run(args, await publish('import', text)), 1, [
        '! leaving out CreateEKSAuthEndpoint: not in this template',
        'stack "MA-older" created',
      ])
      expect(await parametersOf('MA-older')).toMatchObject({ CreateSTSEndpoint: 'true' })
      site.files.set(templatePath('import'), Buffer.from(await readTemplate('import-vpc')))
    })

    test('that is a proxy’s error page is rejected and not reused', async () => {
      const settings = await publish('create', '<html><body>Please log in</body></html>')
      expectRefused(await run(creating('page'), settings), 3, [
        `${version}/migration-assistant-for-amazon-opensearch-service-create-vpc-eks.template" is not a CloudFormation template`,
        'a proxy may have answered instead of the publisher',
      ])
      expect(writesOf(made)).toBe(0)
      site.files.set(templatePath('create'), Buffer.from(await readTemplate('create-vpc')))
      expectRefused(await run(creating('page'), settings), 1, ['stack "MA-page" created'])
    })

    test('that cannot be deployed names the failed resource and the next step', async () => {
      const text = await changed('create', ({ Parameters }) => {
        Parameters['VPCCidr'] = { ...Parameters['VPCCidr'], Default: 'nonsense' }
      })
      const settings = await publish('create', text)
      expectRefused(await run(creating('fail'), settings), 1, [
        'error: the deployment of stack "MA-fail" ended in ROLLBACK_COMPLETE\n',
        /VPC \(AWS::EC2::VPC\) CREATE_FAILED: .*nonsense/,
        /✘ Stack +\S+ s +the deployment of stack "MA-fail" ended in ROLLBACK_COMPLETE/,
        /– Cluster +not run/,
        `npx tsx bootstrap.ts --deploy-create-vpc-cfn --stack-name MA-fail --stage fail`,
        `--version ${version}`,
      ])
      expectRefused(await run(creating('fail'), settings), 3, [
        'error: stack "MA-fail" is in state ROLLBACK_COMPLETE',
        'its creation failed, so it cannot be updated',
      ])
    })

    test('whose update fails leaves a stack that the next template can update', async () => {
      const good = await readTemplate('create-vpc')
      expectRefused(await run(creating('up'), await publish('create', good)), 1, ['created'])
      const bad = await changed('create', ({ Resources }) => {
        const Properties = { VpcId: 'vpc-0', CidrBlock: '10.0.0.0/24' }
        Resources['Lost'] = { Type: 'AWS::EC2::Subnet', Properties }
      })
      expectRefused(await run(creating('up'), await publish('create', bad)), 1, [
        'ended in UPDATE_ROLLBACK_COMPLETE',
        /Lost \(AWS::EC2::Subnet\) UPDATE_FAILED: .*vpc-0/,
        '→ it was rolled back to its previous state; fix the cause',
      ])
      expectRefused(await run(creating('up'), await publish('create', good)), 3, [
        /= Stack .* up to date/,
      ])
    })

    test('that is too long for a request is read by CloudFormation from S3', async () => {
      const long = await changed('create', (template) =>
        Object.assign(template, { Metadata: { about: 'x'.repeat(52_000) } }),
      )
      const read = await changed('create', ({ Outputs }) => {
        Outputs['Read'] = { Value: 'from the bucket' }
      })
      const settings = await publish('create', long)
      const [bucket, key] = ['solutions-reference', templatePath('create')]
      for (const [path, body] of [
        [`/${bucket}`, ''],
        [`/${bucket}${key}`, read],
      ] as const) {
        expect((await fetch(`${made.moto.url}${path}`, { method: 'PUT', body })).ok).toBe(true)
      }
      expectRefused(await run(creating('long'), settings), 1, ['stack "MA-long" created'])
      const { Stacks } = await account.cloudFormation.send(
        new DescribeStacksCommand({ StackName: 'MA-long' }),
      )
      expect(Stacks?.[0]?.Outputs).toContainEqual(
        expect.objectContaining({ OutputKey: 'Read', OutputValue: 'from the bucket' }),
      )
    })
  })

  test.each([
    ['ROLLBACK_COMPLETE', 'delete it yourself'],
    ['ROLLBACK_FAILED', 'delete it yourself'],
    ['CREATE_FAILED', 'delete it yourself'],
    ['DELETE_FAILED', 'check its events for resources that could not be deleted'],
    ['UPDATE_FAILED', 'rollback-stack --stack-name broken'],
    ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback --stack-name broken'],
    ['CREATE_IN_PROGRESS', 'check with "aws cloudformation describe-stacks --stack-name broken"'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'wait until'],
    ['DELETE_IN_PROGRESS', 'wait until'],
    ['REVIEW_IN_PROGRESS', 'execute its pending change set'],
  ])('refuses a stack in state %s, and changes nothing', async (state, advice) => {
    const name = 'broken'
    if ((await stateOf(account, name).catch(() => undefined)) === undefined) {
      await createStack(account, { name, template: exporting('broken', 'x') })
    }
    await setStackState(account, name, state)
    const args = ['--deploy-create-vpc-cfn', '--stack-name', name]
    expectRefused(await run(args), 3, [`error: stack "broken" is in state ${state}`, advice])
    expect(writesOf(made)).toBe(0)
    expect(await stateOf(account, name)).toBe(state)
  })
})

function templatePath(kind: 'create' | 'import'): string {
  const product = 'migration-assistant-for-amazon-opensearch-service'
  return `/${product}/${version}/${product}-${kind}-vpc-eks.template`
}
