import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  type CreateAccessEntryCommandInput,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DescribeUpdateCommand,
  EKSClient,
  ListAssociatedAccessPoliciesCommand,
  UpdateClusterConfigCommand,
  type UpdateClusterConfigCommandInput,
} from '@aws-sdk/client-eks'
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ClusterOptions } from '../../doubles/eks/cluster.ts'
import { startDoubles } from '../../doubles/doubles.ts'
import { clientSettings } from '../support/servers/sandbox-clients.ts'

const name = 'airlift'

async function setUp(cluster: Omit<ClusterOptions, 'name'> = {}, region = 'us-east-2') {
  const clusters = [{ name, ...cluster }]
  const sandbox = await startDoubles({ images: [], region, clusters })
  onTestFinished(() => sandbox.close())
  const client = new EKSClient(clientSettings(sandbox, region))
  return {
    sandbox,
    client,
    describe: (of = name) => client.send(new DescribeClusterCommand({ name: of })),
    update: (input: Omit<UpdateClusterConfigCommandInput, 'name'>) =>
      client.send(new UpdateClusterConfigCommand({ name, ...input })),
    updateStatus: async (updateId = '') =>
      (await client.send(new DescribeUpdateCommand({ name, updateId }))).update,
    enter: (input: Partial<CreateAccessEntryCommandInput> = {}) =>
      client.send(
        new CreateAccessEntryCommand({ clusterName: name, principalArn: role, ...input }),
      ),
    associate: (policyArn: string, principalArn = role) =>
      client.send(
        new AssociateAccessPolicyCommand({
          clusterName: name,
          principalArn,
          policyArn,
          accessScope: { type: 'cluster' },
        }),
      ),
  }
}

const role = 'arn:aws:iam::123456789012:role/deployers/Deployer'
const adminPolicy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy'
const nodeRoleArn = 'arn:aws:iam::123456789012:role/node'

function autoMode(enabled: boolean): Omit<UpdateClusterConfigCommandInput, 'name'> {
  return {
    computeConfig: enabled ? { enabled, nodePools: ['system'], nodeRoleArn } : { enabled },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled } },
    storageConfig: { blockStorage: { enabled } },
  }
}

describe('a cluster', () => {
  test.for([
    ['us-east-2', 'aws', 'us-east-2.eks.amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'cn-north-1.eks.amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'us-gov-west-1.eks.amazonaws.com'],
  ] as const)('in %s is described with the names of %s', async ([region, partition, host]) => {
    const { describe: ask, sandbox } = await setUp({ vpcId: 'vpc-1', subnetIds: ['s-1'] }, region)
    const { cluster } = await ask()
    expect(cluster).toMatchObject({
      name,
      status: 'ACTIVE',
      version: '1.33',
      arn: `arn:${partition}:eks:${region}:123456789012:cluster/${name}`,
      resourcesVpcConfig: { vpcId: 'vpc-1', subnetIds: ['s-1'], endpointPublicAccess: true },
      accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' },
    })
    expect(cluster?.endpoint).toMatch(new RegExp(`^https://[0-9A-F]{32}\\.gr7\\.${host}$`))
    const authority = Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64')
    expect(authority.toString()).toBe(readFileSync(sandbox.caFile, 'utf8'))
    expect(cluster?.createdAt).toBeInstanceOf(Date)
  })
  test('that is not there is not found', async () => {
    const { describe: ask } = await setUp()
    await expect(ask('other')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No cluster found for name: other.',
    })
  })
  test('that is being created has no endpoint, and gets one when a test says so', async () => {
    const { describe: ask, sandbox } = await setUp({ status: 'CREATING' })
    expect((await ask()).cluster).not.toHaveProperty('endpoint')
    sandbox.setCluster(name, { status: 'ACTIVE' })
    expect((await ask()).cluster).toHaveProperty('endpoint')
    expect(sandbox.eksCluster(name)?.settings).toMatchObject({ status: 'ACTIVE', version: '1.33' })
  })
  test('can be added later', async () => {
    const { describe: ask, sandbox } = await setUp()
    sandbox.setCluster('later', { version: '1.34' })
    expect((await ask('later')).cluster).toMatchObject({ version: '1.34' })
  })
})

describe('Auto Mode', () => {
  test('is on when its update has been described as running and has succeeded', async () => {
    const { describe: ask, sandbox, update, updateStatus } = await setUp({ updates: { polls: 2 } })
    const started = (await update(autoMode(true))).update
    expect(started).toMatchObject({ status: 'InProgress', type: 'AutoModeUpdate' })
    expect(sandbox.eksCluster(name)?.settings.status).toBe('UPDATING')
    const seen = []
    for (let poll = 0; poll < 3; poll += 1) seen.push((await updateStatus(started?.id))?.status)
    expect(seen).toEqual(['InProgress', 'InProgress', 'Successful'])
    expect((await ask()).cluster).toMatchObject({
      status: 'ACTIVE',
      computeConfig: { enabled: true, nodePools: ['system'], nodeRoleArn },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
    })
  })
  test('stays off when its update fails, which says why', async () => {
    const { sandbox, update, updateStatus } = await setUp({ updates: { polls: 0, failure: 'no' } })
    const started = (await update(autoMode(true))).update
    expect(await updateStatus(started?.id)).toMatchObject({
      status: 'Failed',
      errors: [{ errorMessage: 'no', resourceIds: [name] }],
    })
    const settings = sandbox.eksCluster(name)?.settings
    expect(settings).toMatchObject({ status: 'ACTIVE' })
    expect(settings?.computeConfig).toBeUndefined()
  })
  test('ends for those who watch the cluster, too', async () => {
    const { describe: ask, update } = await setUp()
    await update(autoMode(true))
    const statuses = [(await ask()).cluster?.status, (await ask()).cluster?.status]
    expect(statuses).toEqual(['UPDATING', 'ACTIVE'])
  })
  const parts = autoMode(true)
  test.for<[string, Omit<UpdateClusterConfigCommandInput, 'name'>, string]>([
    ['alone', { computeConfig: parts.computeConfig }, 'fully enabled or fully disabled'],
    [
      'in contradiction',
      { ...parts, storageConfig: { blockStorage: { enabled: false } } },
      'fully enabled or fully disabled',
    ],
    [
      'without a role',
      { ...parts, computeConfig: { enabled: true, nodePools: ['system'] } },
      'nodeRoleArn',
    ],
    [
      'with a pool of another name',
      { ...parts, computeConfig: { enabled: true, nodePools: ['mine'], nodeRoleArn } },
      'general-purpose',
    ],
    [
      'together with something else',
      { ...parts, accessConfig: { authenticationMode: 'API' } },
      'Only one type',
    ],
    ['with nothing at all', {}, 'The type for cluster update was not provided.'],
  ])('is refused when asked for %s', async ([, input, message]) => {
    const { update } = await setUp()
    await expect(update(input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    })
  })
  test('cannot be switched off where it is not on', async () => {
    const { update } = await setUp()
    await expect(update(autoMode(false))).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
  test('waits for another update', async () => {
    const { update } = await setUp()
    const running = (await update({ accessConfig: { authenticationMode: 'API' } })).update
    await expect(update(autoMode(true))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: `Cannot AutoModeUpdate because cluster ${name} currently has update ${running?.id} in progress`,
    })
  })
  test('is not had by a cluster that is being created', async () => {
    const { update } = await setUp({ status: 'CREATING' })
    await expect(update(autoMode(true))).rejects.toMatchObject({ name: 'ResourceInUseException' })
  })
})

test.for([
  ['CONFIG_MAP', 'API_AND_CONFIG_MAP', true],
  ['API_AND_CONFIG_MAP', 'API', true],
  ['CONFIG_MAP', 'API', false],
  ['API', 'API_AND_CONFIG_MAP', false],
] as const)('the way from %s to %s is open: %s', async ([before, after, open]) => {
  const { sandbox, update, updateStatus } = await setUp({
    authenticationMode: before,
    updates: { polls: 0 },
  })
  const attempt = update({ accessConfig: { authenticationMode: after } })
  if (!open) return expect(attempt).rejects.toMatchObject({ name: 'InvalidParameterException' })
  await updateStatus((await attempt).update?.id)
  expect(sandbox.eksCluster(name)?.settings.authenticationMode).toBe(after)
})

describe('an access entry', () => {
  test('is created, described, and has the policies that were associated with it', async () => {
    const { associate, client, enter, sandbox } = await setUp()
    expect(await enter()).toMatchObject({ accessEntry: { principalArn: role, type: 'STANDARD' } })
    const entry = { clusterName: name, principalArn: role }
    expect(await client.send(new DescribeAccessEntryCommand(entry))).toMatchObject({
      accessEntry: {
        clusterName: name,
        username: 'arn:aws:sts::123456789012:assumed-role/Deployer/{{SessionName}}',
      },
    })
    await associate(adminPolicy)
    await associate(adminPolicy)
    expect(await client.send(new ListAssociatedAccessPoliciesCommand(entry))).toMatchObject({
      associatedAccessPolicies: [{ policyArn: adminPolicy, accessScope: { type: 'cluster' } }],
    })
    expect(sandbox.eksCluster(name)?.accessEntries).toMatchObject([
      { principalArn: role, policies: [{ policyArn: adminPolicy }] },
    ])
    expect(sandbox.counters()['eks.us-east-2.amazonaws.com']).toMatchObject({
      writes: 3,
      operations: { CreateAccessEntry: 1, AssociateAccessPolicy: 2, DescribeAccessEntry: 1 },
    })
  })
  test('that is there already is in use', async () => {
    const { enter } = await setUp()
    await enter()
    await expect(enter()).rejects.toMatchObject({ name: 'ResourceInUseException' })
  })
  test.for<[string, Partial<CreateAccessEntryCommandInput>, string]>([
    ['a session', { principalArn: 'arn:aws:sts::123456789012:assumed-role/a/b' }, 'principalArn'],
    ['another partition', { principalArn: role.replace('aws', 'aws-cn') }, 'principalArn'],
    ['a reserved group', { kubernetesGroups: ['system:masters'] }, 'cannot start with system:'],
  ])('is refused for %s', async ([, input, message]) => {
    const { enter } = await setUp()
    await expect(enter(input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    })
  })
  test('that is not there has no policies and gets none', async () => {
    const { associate, client } = await setUp()
    const expected = { name: 'ResourceNotFoundException' }
    await expect(associate(adminPolicy)).rejects.toMatchObject(expected)
    const list = new ListAssociatedAccessPoliciesCommand({ clusterName: name, principalArn: role })
    await expect(client.send(list)).rejects.toMatchObject(expected)
  })
  test('takes no policy of another partition', async () => {
    const { associate, enter } = await setUp()
    await enter()
    await expect(associate(adminPolicy.replace('aws', 'aws-cn'))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
  })
  test('is not to be had while the cluster goes by its config map', async () => {
    const { enter } = await setUp({ authenticationMode: 'CONFIG_MAP' })
    await expect(enter()).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

test.for([
  ['expired', 'ExpiredTokenException'],
  ['missing', 'UnrecognizedClientException'],
  ['denied', 'AccessDeniedException'],
] as const)('credentials that are %s are answered with %s', async ([state, error]) => {
  const { describe: ask, enter, sandbox } = await setUp()
  sandbox.setCredentials(state, ['DescribeCluster'])
  await expect(ask()).rejects.toMatchObject({ name: error })
  await expect(enter()).resolves.toBeDefined()
})

test('a denial names the principal and the action', async () => {
  const { describe: ask, sandbox } = await setUp()
  sandbox.setCredentials('denied')
  await expect(ask()).rejects.toThrow(
    'User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: eks:DescribeCluster on resource: *',
  )
})

test('too many requests are told so', async () => {
  const { describe: ask, sandbox } = await setUp()
  sandbox.addFault({
    operation: 'DescribeCluster',
    effect: { rateLimit: { perSecond: 0, burst: 0 } },
  })
  await expect(ask()).rejects.toMatchObject({ name: 'ThrottlingException' })
})
