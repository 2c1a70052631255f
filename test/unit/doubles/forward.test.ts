import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient, PutDashboardCommand } from '@aws-sdk/client-cloudwatch'
import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { expect, onTestFinished, test } from 'vitest'
import { createCredentials } from '../../../scripts/sandbox/aws/credentials.ts'
import { createForward } from '../../doubles/forward.ts'
import { placeOf } from '../../../scripts/sandbox/aws/partition.ts'
import { createCall } from '../../../scripts/sandbox/net/call.ts'
import { startDoubles } from '../../doubles/doubles.ts'
import { startServer } from '../support/servers/local-server.ts'
import { clientSettings } from '../support/servers/sandbox-clients.ts'

const account = '123456789012'

/** A sandbox whose EC2, CloudFormation and CloudWatch are one small server that knows three answers. */
async function setUp(region = 'us-east-2') {
  const server = await startServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const json = request.headers['x-amz-target'] !== undefined
      response.setHeader('content-type', json ? 'application/x-amz-json-1.0' : 'text/xml')
      response.end(json ? '{"DashboardValidationMessages":[]}' : answerTo(body))
    })
  })
  const place = placeOf(account, region)
  const hosts = [place.ec2Host, place.cloudFormationHost, place.monitoringHost]
  const sandbox = await startDoubles({
    images: [],
    account,
    region,
    forward: Object.fromEntries(hosts.map((host) => [host, server.url])),
  })
  onTestFinished(() => sandbox.close())
  const settings = clientSettings(sandbox, region)
  const ec2 = new EC2Client(settings)
  const cloudFormation = new CloudFormationClient(settings)
  const cloudWatch = new CloudWatchClient(settings)
  return {
    place,
    sandbox,
    server,
    ask: {
      DescribeVpcs: () => ec2.send(new DescribeVpcsCommand({})),
      CreateVpc: () => ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })),
      DescribeStacks: () => cloudFormation.send(new DescribeStacksCommand({})),
      PutDashboard: () =>
        cloudWatch.send(new PutDashboardCommand({ DashboardName: 'd', DashboardBody: '{}' })),
    },
  }
}

function answerTo(body: string): string {
  switch (new URLSearchParams(body).get('Action')) {
    case 'DescribeVpcs':
      return '<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>'
    case 'CreateVpc':
      return '<CreateVpcResponse><vpc><vpcId>vpc-2</vpcId></vpc></CreateVpcResponse>'
    case 'DescribeStacks':
      return '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName></member></Stacks></DescribeStacksResult></DescribeStacksResponse>'
    default:
      throw new Error(`unexpected: ${body}`)
  }
}

test.for(['us-east-2', 'cn-north-1', 'us-gov-west-1'])(
  'the SDK reaches the server behind the hosts of %s, and its operations are counted',
  async (region) => {
    const { ask, place, sandbox, server } = await setUp(region)
    expect(await ask.DescribeVpcs()).toMatchObject({ Vpcs: [{ VpcId: 'vpc-1' }] })
    expect(await ask.CreateVpc()).toMatchObject({ Vpc: { VpcId: 'vpc-2' } })
    expect(await ask.DescribeStacks()).toMatchObject({ Stacks: [{ StackName: 's' }] })
    expect(await ask.PutDashboard()).toMatchObject({ DashboardValidationMessages: [] })

    const counters = sandbox.counters()
    expect(counters[place.ec2Host]).toMatchObject({
      requests: 2,
      writes: 1,
      operations: { DescribeVpcs: 1, CreateVpc: 1 },
    })
    expect(counters[place.cloudFormationHost]).toMatchObject({
      writes: 0,
      operations: { DescribeStacks: 1 },
    })
    expect(counters[place.monitoringHost]).toMatchObject({
      writes: 1,
      operations: { PutDashboard: 1 },
    })
    // moto tells services apart by the host and the signature, which have to arrive as they were sent.
    expect(server.requests.map(({ headers }) => headers.host)).toEqual([
      place.ec2Host,
      place.ec2Host,
      place.cloudFormationHost,
      place.monitoringHost,
    ])
    expect(server.requests[0]?.headers.authorization).toContain(`/${region}/ec2/aws4_request`)
  },
)

test.for([
  ['DescribeVpcs', 'expired', 'RequestExpired'],
  ['DescribeVpcs', 'denied', 'UnauthorizedOperation'],
  ['DescribeVpcs', 'missing', 'AuthFailure'],
  ['DescribeStacks', 'expired', 'ExpiredToken'],
  ['DescribeStacks', 'denied', 'AccessDenied'],
  ['DescribeStacks', 'missing', 'InvalidClientTokenId'],
  ['PutDashboard', 'expired', 'ExpiredToken'],
  ['PutDashboard', 'denied', 'AccessDenied'],
  ['PutDashboard', 'missing', 'InvalidClientTokenId'],
] as const)('%s with credentials that are %s fails with %s', async ([operation, state, code]) => {
  const { ask, sandbox, server } = await setUp()
  sandbox.setCredentials(state, [operation])
  await expect(ask[operation]()).rejects.toMatchObject({ name: code })
  expect(server.requests).toEqual([])
  await expect(ask.CreateVpc()).resolves.toBeDefined()
})

test.for([
  ['DescribeVpcs', 'ec2:DescribeVpcs'],
  ['DescribeStacks', 'cloudformation:DescribeStacks'],
  ['PutDashboard', 'cloudwatch:PutDashboard'],
] as const)('the denial of %s names the principal and the action', async ([operation, action]) => {
  const { ask, place, sandbox } = await setUp('cn-north-1')
  sandbox.setCredentials('denied')
  await expect(ask[operation]()).rejects.toThrow(
    `User: ${place.principal} is not authorized to perform: ${action} on resource: *`,
  )
})

test.for([
  ['DescribeVpcs', 'RequestLimitExceeded'],
  ['DescribeStacks', 'Throttling'],
  ['PutDashboard', 'Throttling'],
] as const)('%s that comes too often is answered with %s', async ([operation, name]) => {
  const { ask, sandbox } = await setUp()
  sandbox.addFault({ operation, effect: { rateLimit: { perSecond: 0, burst: 0 } } })
  await expect(ask[operation]()).rejects.toMatchObject({ name })
})

test('a request of the CBOR protocol is named by its path and refused in CBOR', async () => {
  const credentials = createCredentials()
  credentials.set('expired')
  const place = placeOf(account, 'us-east-2')
  const service = createForward({ target: 'http://127.0.0.1:1', place, credentials })
  const call = createCall({
    host: place.monitoringHost,
    method: 'POST',
    target: '/service/GraniteServiceVersion20100801/operation/GetDashboard',
  })
  expect(await service.operation(call)).toEqual({ name: 'GetDashboard', write: false })
  const { headers, body } = await service.answer(call)
  expect(headers).toMatchObject({ 'smithy-protocol': 'rpc-v2-cbor' })
  expect(String(body)).toContain('ExpiredTokenException')
})

test('a server that does not answer is named in the error', async () => {
  const place = placeOf(account, 'us-east-2')
  const target = 'http://127.0.0.1:1'
  const service = createForward({ target, place, credentials: createCredentials() })
  const call = createCall({ host: place.ec2Host, target: '/?Action=DescribeVpcs' })
  await expect(service.answer(call)).rejects.toThrow(`${place.ec2Host} is forwarded to ${target}`)
})

test.for(['https://127.0.0.1:1', 'http://example.com'])(
  'nothing is forwarded to %s, because it would leave the machine',
  async (target) => {
    const forward = { 'ec2.us-east-2.amazonaws.com': target }
    await expect(startDoubles({ images: [], forward })).rejects.toThrow('loopback only')
  },
)
