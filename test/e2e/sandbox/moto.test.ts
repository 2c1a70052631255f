import { once } from 'node:events'
import { join } from 'node:path'
import {
  CloudFormationClient,
  ListExportsCommand,
  UpdateStackCommand,
  CreateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { GetDashboardCommand, PutDashboardCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2'
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startScript, writeScript } from '../../unit/support/run-script.ts'
import {
  type Account,
  accountEnvironment,
  createStack,
  eventsOf,
  exporting,
  exportsOf,
  openAccount,
  parametersOf,
  readTemplate,
  setEndpointState,
  setStackState,
  stateOf,
  uploadTemplate,
} from '../support/bootstrap/aws-account.ts'
import { createEndpoints, createNetwork, type Network } from '../support/bootstrap/aws-network.ts'
import { startMoto } from '../support/moto.ts'

// The simulated AWS of the bootstrap tests, and its similarity to the real one.

const region = 'us-east-2'
const moto = await startMoto({ account: '111122223333' })
const other = await startMoto()

describe.skipIf(moto === undefined)('a moto server', () => {
  if (moto === undefined) return
  const account = openAccount(moto, region)
  beforeEach(() => moto.reset())
  afterAll(async () => {
    await moto.close()
    await other?.close()
  })

  test('is one of several, each with its own account', async () => {
    expect(other?.url).not.toBe(moto.url)
    await createStack(account, { name: 'one', template: exporting('one', 'here') })
    const second = other && openAccount(other, region)
    expect(await exportsOf(account)).toEqual({ one: 'here' })
    expect(second && (await exportsOf(second))).toEqual({})
    expect(await exportsOf(openAccount(moto, 'eu-west-1'))).toEqual({})
  })

  test('leaves no server running when it is closed', async () => {
    const third = await startMoto()
    await third?.close()
    await expect(fetch(third?.url ?? '')).rejects.toThrow('fetch failed')
  })

  test('ends with the process that started it, however that dies', async () => {
    const support = join(import.meta.dirname, '../support/moto.ts')
    const script = `const { startMoto } = await import('${support}')
console.log((await startMoto()).url)
setInterval(() => undefined, 1000)
`
    const { child, result } = startScript(writeScript(script), [])
    const [line] = await once(child.stdout ?? child, 'data')
    const url = String(line).trim()
    expect((await fetch(`${url}/moto-api/data.json`)).ok).toBe(true)
    child.kill('SIGKILL')
    await result
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), 10_000)
  })

  test('is reached by clients through their environment', async () => {
    await createStack(account, { name: 'one', template: exporting('one', 'here') })
    const environment = { ...accountEnvironment(account), AWS_SECRET_ACCESS_KEY: 'x' }
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x')
    onTestFinished(() => void vi.unstubAllEnvs())
    const cloudFormation = new CloudFormationClient({})
    expect(await exportsOf({ ...account, cloudFormation })).toEqual({ one: 'here' })
  })

  test('has subnets of three kinds, with their own route table or the main one', async () => {
    const network = await createNetwork(account, {
      name: 'shop',
      main: 'public',
      subnets: { inside: 'isolated', behind: 'nat', front: 'public', left: 'main' },
    })
    const { Subnets } = await account.ec2.send(new DescribeSubnetsCommand(within(network)))
    expect(Subnets?.map(({ SubnetId }) => SubnetId).toSorted()).toEqual(
      Object.values(network.subnets).toSorted(),
    )
    expect(await ways(account, network)).toEqual({
      [network.mainTable]: 'igw',
      [network.tables.isolated ?? '']: 'nowhere',
      [network.tables.nat ?? '']: 'nat',
      [network.tables.public ?? '']: 'igw',
    })
  })

  test('has endpoints in the states that a test sets', async () => {
    const network = await createNetwork(account, { name: 'shop', subnets: { inside: 'isolated' } })
    const tables = [network.tables.isolated ?? '']
    const ids = await createEndpoints(account, network, ['s3', 'ecr.api', 'ecr.dkr'], tables)
    await setEndpointState(account, ids['ecr.dkr'] ?? '', 'pending')
    const { VpcEndpoints = [] } = await account.ec2.send(
      new DescribeVpcEndpointsCommand(within(network)),
    )
    expect(
      VpcEndpoints.map(({ ServiceName, State }) => `${ServiceName} ${State}`).toSorted(),
    ).toEqual([
      'com.amazonaws.us-east-2.ecr.api available',
      'com.amazonaws.us-east-2.ecr.dkr pending',
      'com.amazonaws.us-east-2.s3 available',
    ])
    const s3 = VpcEndpoints.find(({ VpcEndpointType }) => VpcEndpointType === 'Gateway')
    expect(s3?.RouteTableIds).toEqual(tables)
  })

  test('deploys its own network and exports the settings that a bootstrap needs', async () => {
    await createStack(account, { name: 'MA', template: await readTemplate('create-vpc') })
    const { 'MigrationsExportString-dev-us-east-2': value, ...rest } = await exportsOf(account)
    expect(rest).toEqual({})
    expect(value?.split('; ')).toEqual([
      'export MIGRATIONS_EKS_CLUSTER_NAME=migration-eks-cluster-dev-us-east-2',
      'export MIGRATIONS_ECR_REGISTRY=111122223333.dkr.ecr.us-east-2.amazonaws.com/migration-ecr-dev',
      'export SNAPSHOT_ROLE=arn:aws:iam::111122223333:role/dev-snapshot-role',
      'export AWS_ACCOUNT=111122223333',
      'export AWS_CFN_REGION=us-east-2',
      'export STAGE=dev',
      expect.stringMatching(/^export VPC_ID=vpc-\w+$/),
      'export MA_QUALIFIER=dev',
    ])
  })

  test('deploys into an existing network, with the requested endpoints', async () => {
    const network = await createNetwork(account, {
      name: 'shop',
      subnets: { inside: 'isolated', too: 'isolated' },
    })
    const parameters = {
      Stage: 'test',
      VPCId: network.vpcId,
      VPCSubnetIds: Object.values(network.subnets).join(','),
      S3EndpointRouteTableIds: network.tables.isolated ?? '',
      CreateS3Endpoint: 'true',
      CreateEKSAuthEndpoint: 'true',
    }
    const template = await readTemplate('import-vpc')
    await createStack(account, { name: 'MA', template, parameters })
    expect(Object.keys(await exportsOf(account))).toEqual(['MigrationsExportString-test-us-east-2'])
    const { VpcEndpoints = [] } = await account.ec2.send(
      new DescribeVpcEndpointsCommand(within(network)),
    )
    expect(
      VpcEndpoints.map(({ ServiceName, RouteTableIds = [], SubnetIds = [] }) => [
        ServiceName,
        [...RouteTableIds, ...SubnetIds.toSorted()],
      ]),
    ).toEqual([
      ['com.amazonaws.us-east-2.s3', [network.tables.isolated]],
      ['com.amazonaws.us-east-2.eks-auth', Object.values(network.subnets).toSorted()],
    ])
    const same = { StackName: 'MA', TemplateBody: template, Capabilities: named }
    const again = new UpdateStackCommand({ ...same, Parameters: parametersOf(parameters) })
    await expect(account.cloudFormation.send(again)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    })
    const more = { ...parameters, CreateSTSEndpoint: 'true' }
    const update = new UpdateStackCommand({ ...same, Parameters: parametersOf(more) })
    await account.cloudFormation.send(update)
    expect(await stateOf(account, 'MA')).toBe('UPDATE_COMPLETE')
  })

  test('reads a template from its own bucket', async () => {
    const template = await readTemplate('create-vpc')
    const TemplateURL = await uploadTemplate(account, '1.0.0/create.template', template)
    await account.cloudFormation.send(
      new CreateStackCommand({ StackName: 'MA', TemplateURL, Capabilities: named }),
    )
    expect(Object.keys(await exportsOf(account))).toEqual(['MigrationsExportString-dev-us-east-2'])
  })

  test('rolls back a stack with a resource that cannot be created, and names the resource', async () => {
    const template = await readTemplate('create-vpc')
    const name = 'MA'
    await createStack(account, { name, template, parameters: { VPCCidr: 'nonsense' } })
    expect(await stateOf(account, name)).toBe('ROLLBACK_COMPLETE')
    expect(await eventsOf(account, name)).toEqual([
      'MA CREATE_IN_PROGRESS',
      'VPC CREATE_FAILED',
      'MA ROLLBACK_IN_PROGRESS',
      'MA ROLLBACK_COMPLETE',
    ])
    expect(await exportsOf(account)).toEqual({})
  })

  test('rolls an update back to the previous state', async () => {
    const template = await readTemplate('create-vpc')
    await createStack(account, { name: 'MA', template })
    const before = await exportsOf(account)
    const lost = {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: 'vpc-0', CidrBlock: '10.0.0.0/24' },
    }
    const { Resources, ...rest } = JSON.parse(template) as { Resources: object }
    const TemplateBody = JSON.stringify({ ...rest, Resources: { ...Resources, Lost: lost } })
    const update = { StackName: 'MA', TemplateBody, Capabilities: named }
    await account.cloudFormation.send(new UpdateStackCommand(update))
    expect(await stateOf(account, 'MA')).toBe('UPDATE_ROLLBACK_COMPLETE')
    expect(await eventsOf(account, 'MA')).toContain('Lost UPDATE_FAILED')
    expect(await exportsOf(account)).toEqual(before)
  })

  test('has stacks in states that otherwise occur only in a real account', async () => {
    await createStack(account, { name: 'MA', template: exporting('one', '1') })
    await setStackState(account, 'MA', 'UPDATE_ROLLBACK_FAILED', 'The role is gone')
    expect(await stateOf(account, 'MA')).toBe('UPDATE_ROLLBACK_FAILED')
    expect((await eventsOf(account, 'MA')).at(-1)).toBe('MA UPDATE_ROLLBACK_FAILED')
  })

  test('rejects a stack without the capability that its role needs, or with unknown parameters', async () => {
    const TemplateBody = await readTemplate('import-vpc')
    const create = (more: object) =>
      account.cloudFormation.send(
        new CreateStackCommand({ StackName: 'MA', TemplateBody, ...more }),
      )
    await expect(create({ Capabilities: ['CAPABILITY_IAM'] })).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    })
    const strange = { VPCId: 'v', VPCSubnetIds: 's', CreateXEndpoint: 'true' }
    await expect(
      create({ Capabilities: named, Parameters: parametersOf(strange) }),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Parameters: [CreateXEndpoint] do not exist in the template',
    })
    await expect(create({ Capabilities: named })).rejects.toMatchObject({
      message: 'Parameters: [VPCId, VPCSubnetIds] must have values',
    })
  })

  test('rejects a file that is not a template', async () => {
    const create = new CreateStackCommand({ StackName: 'MA', TemplateBody: '{' })
    await expect(account.cloudFormation.send(create)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/^Template format error: /) as string,
    })
  })

  test('lists more exports than fit on a page', async () => {
    for (let index = 0; index < 101; index += 1) {
      await createStack(account, { name: `s${index}`, template: exporting(`e${index}`, 'x') })
    }
    const first = await account.cloudFormation.send(new ListExportsCommand({}))
    expect(first.Exports).toHaveLength(100)
    expect(Object.keys(await exportsOf(account))).toHaveLength(101)
  })

  test('keeps dashboards', async () => {
    const board = {
      DashboardName: 'MA-dev-us-east-2-CaptureReplay',
      DashboardBody: '{"widgets":[]}',
    }
    await account.cloudWatch.send(new PutDashboardCommand(board))
    const { DashboardName } = board
    expect(await account.cloudWatch.send(new GetDashboardCommand({ DashboardName }))).toMatchObject(
      board,
    )
  })
})

const named = ['CAPABILITY_NAMED_IAM' as const]

const within = ({ vpcId }: Network) => ({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] })

/** Where each route table of a network leads. */
async function ways({ ec2 }: Account, network: Network): Promise<Record<string, string>> {
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand(within(network)))
  return Object.fromEntries(
    RouteTables.map(({ RouteTableId = '', Routes = [] }) => {
      const isPublic = Routes.some(({ GatewayId }) => GatewayId?.startsWith('igw-'))
      const isNat = Routes.some(({ NatGatewayId }) => NatGatewayId !== undefined)
      return [RouteTableId, isPublic ? 'igw' : isNat ? 'nat' : 'nowhere']
    }),
  )
}
