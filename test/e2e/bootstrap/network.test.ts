import { CreateVpcEndpointCommand, DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { setEndpointState } from '../support/bootstrap/aws-account.ts'
import { createEndpoints, createNetwork, type Network } from '../support/bootstrap/aws-network.ts'
import { startBootstrap } from '../support/bootstrap/bootstrap.ts'
import {
  askedHosts,
  callsOf,
  expectRefused,
  importing,
  writesOf,
} from '../support/bootstrap/run.ts'

// VPCs, subnets and endpoints: lists, rejections, and their order.

const made = await startBootstrap()
const shop =
  made &&
  (await createNetwork(made.account, {
    name: 'shop',
    prefix: '10.30',
    main: 'public',
    subnets: { inside: 'isolated', behind: 'nat', front: 'public', left: 'main' },
  }))

describe.skipIf(made === undefined)('a bootstrap', () => {
  if (made === undefined || shop === undefined) return
  const { account, network, cluster, run, world } = made
  const { sandbox } = world
  let networks = 0
  const newNetwork = (name: string, subnets: Parameters<typeof createNetwork>[1]['subnets']) =>
    createNetwork(account, { name, prefix: `10.${(networks += 1) + 30}`, subnets })
  beforeEach(() => sandbox.resetCounters())
  afterAll(() => made.close())

  describe('that imports a VPC', () => {
    const listed = ['--deploy-import-vpc-cfn', '--stack-name', 'MA']

    test('lists the VPCs if none is given', async () => {
      const result = await run(listed)
      expectRefused(result, 2, [
        'error: --deploy-import-vpc-cfn requires a VPC; VPCs in "us-east-2":\n',
        /VPC +name +CIDR +state\n/,
        new RegExp(`${network.vpcId} +ma +10\\.20\\.0\\.0/16 +available`),
        new RegExp(`${shop.vpcId} +shop +10\\.30\\.0\\.0/16 +available`),
        '→ choose one with --vpc-id',
      ])
      expect(writesOf(made)).toBe(0)
    })

    test('lists the subnets with their routes if none are given', async () => {
      const result = await run([...listed, '--vpc-id', shop.vpcId])
      const row = (name: string, zone: string, way: string) =>
        new RegExp(
          `${shop.subnets[name]} +us-east-2${zone} +10\\.30\\.\\d\\.0/24 .* ${way} +${name}`,
        )
      expectRefused(result, 2, [
        `error: --deploy-import-vpc-cfn requires subnets; subnets of "${shop.vpcId}":\n`,
        row('inside', 'a', 'no-internet'),
        row('behind', 'b', 'NAT'),
        row('front', 'c', String.raw`IGW \(public\)`),
        row('left', 'a', String.raw`IGW \(public\)`),
        '→ choose two or more in different zones with --subnet-ids',
      ])
      expect(result.stderr).not.toContain(network.subnets['a'])
      expect(writesOf(made)).toBe(0)
    })

    test('lists the VPCs if the given one does not exist', async () => {
      const result = await run([...listed, '--vpc-id', 'vpc-0123'])
      expectRefused(result, 2, [
        'VPC "vpc-0123" does not exist in "us-east-2"; existing VPCs:',
        shop.vpcId,
      ])
    })

    test.each([
      [
        'a subnet of another VPC',
        network.subnets['a'] ?? '',
        `subnet "${network.subnets['a']}" is in VPC "${network.vpcId}", not in "${shop.vpcId}"`,
      ],
      ['a subnet that is not there', 'subnet-0123', /ec2:DescribeSubnets: .*'subnet-0123'/],
    ])('refuses %s', async (_, id, words) => {
      const result = await run(importing('MA', shop, [id]))
      expectRefused(result, 2, [words])
      expect(writesOf(made)).toBe(0)
      expect(callsOf(made, 'cloudformation')).toEqual({})
    })

    test('reports missing flags, and the caller that may not list VPCs', async () => {
      sandbox.setCredentials('denied', ['DescribeVpcs'])
      const result = await run(listed).finally(() => sandbox.setCredentials('ok'))
      expectRefused(result, 2, [
        '--deploy-import-vpc-cfn requires a VPC\n  → add --vpc-id',
        /not authorized to perform: ec2:DescribeVpcs/,
      ])
    })

    test('rejects public images in isolated subnets before anything is created or downloaded', async () => {
      const result = await run(importing('MA', shop, ['inside', 'behind']))
      expectRefused(result, 2, [
        `"${shop.subnets['inside']}" cannot reach the internet`,
        '→ add --push-all-images-to-private-ecr (or --build-images)',
        '--ignore-checks',
        /✘ Subnets /,
        /– Stack +not run/,
      ])
      expect(writesOf(made)).toBe(0)
      expect(callsOf(made, 'cloudformation')).toEqual({})
      expect(askedHosts(made).filter((host) => host.includes('github'))).toEqual([])
    })

    // The stack's cluster is not there, at which these runs end.
    test.each([
      [
        'isolated subnets when everything is mirrored',
        'inside',
        '--push-all-images-to-private-ecr',
      ],
      ['isolated subnets when checks are to be ignored', 'inside', '--ignore-checks'],
      ['subnets behind a NAT gateway', 'behind', '--skip-console-exec'],
      ['public subnets', 'left', '--skip-console-exec'],
    ])('takes %s', async (_, name, flag) => {
      const stage = `${name}${flag.length}`
      const result = await run([...importing(`MA-${stage}`, shop, [name]), '--stage', stage, flag])
      expectRefused(result, 1, [
        /✔ Stack +\S+ s +stack "MA-\w+" created \(CREATE_COMPLETE\)/,
        `cluster "migration-eks-cluster-${stage}-us-east-2" from the stack's export does not exist in region "us-east-2"`,
      ])
      expect(callsOf(made, 'cloudformation')['CreateStack']).toBe(1)
      expect(callsOf(made, 'ec2')['DescribeSubnets'] ?? 0).toBe(flag === '--ignore-checks' ? 0 : 1)
    })
  })

  test('finds the route tables for the S3 endpoint even if checks are skipped', async () => {
    const words = '--stage routes --ignore-checks --create-vpc-endpoints s3'
    const args = [...importing('MA-routes', shop, ['inside', 'left']), ...words.split(' ')]
    expectRefused(await run(args), 1, ['stack "MA-routes" created'])
    const Filters = [{ Name: 'vpc-id', Values: [shop.vpcId] }]
    const { VpcEndpoints = [] } = await account.ec2.send(
      new DescribeVpcEndpointsCommand({ Filters }),
    )
    expect(VpcEndpoints.map(({ ServiceName }) => ServiceName)).toEqual([
      'com.amazonaws.us-east-2.s3',
    ])
    const tables = [shop.tables.isolated ?? '', shop.mainTable]
    expect(VpcEndpoints[0]?.RouteTableIds?.toSorted()).toEqual(tables.toSorted())
  })

  describe('into isolated subnets', () => {
    const skip = ['--skip-cfn-deploy', '--stage', 'dev', '--skip-console-exec']
    const mirrored = [...skip, '--push-all-images-to-private-ecr']
    const tablesOf = (one: Network) => [one.mainTable, ...Object.values(one.tables)]
    const moveTo = (one: Network) =>
      sandbox.setCluster(cluster, { vpcId: one.vpcId, subnetIds: Object.values(one.subnets) })

    test('names all missing required endpoints, and the three solutions', async () => {
      const bare = await newNetwork('bare', { a: 'isolated', b: 'main' })
      moveTo(bare)
      const result = await run(mirrored)
      expectRefused(result, 3, [
        `error: the isolated subnets of "${bare.vpcId}" are missing endpoints:`,
        /com\.amazonaws\.us-east-2\.s3 \(.*\): not found/,
        /com\.amazonaws\.us-east-2\.ecr\.api \(.*\): not found/,
        /com\.amazonaws\.us-east-2\.ecr\.dkr \(.*\): not found/,
        /→ .*--create-vpc-endpoints.*, use subnets with a NAT gateway, or .*--ignore-checks/,
      ])
      expect(result.stderr.match(/^error:/gm)).toHaveLength(1)
      expect(writesOf(made)).toBe(0)
    })

    test('reports unreachable public images and missing endpoints together', async () => {
      moveTo(await newNetwork('bare too', { a: 'isolated' }))
      const result = await run(skip)
      expectRefused(result, 2, ['public.ecr.aws has no VPC endpoint', 'are missing endpoints'])
    })

    const faults: readonly (readonly [string, (one: Network) => Promise<unknown>, RegExp])[] = [
      [
        'an endpoint that is still pending',
        async (one) => {
          const ids = await createEndpoints(
            account,
            one,
            ['s3', 'ecr.api', 'ecr.dkr'],
            tablesOf(one),
          )
          await setEndpointState(account, ids['ecr.dkr'] ?? '', 'pending')
        },
        /\.ecr\.dkr \(ECR's registry\): Interface pending, .*; its state is pending/,
      ],
      [
        'an endpoint without private DNS',
        async (one) => {
          await createEndpoints(account, one, ['s3', 'ecr.dkr'], tablesOf(one))
          await account.ec2.send(
            new CreateVpcEndpointCommand({
              VpcId: one.vpcId,
              ServiceName: 'com.amazonaws.us-east-2.ecr.api',
              VpcEndpointType: 'Interface',
              SubnetIds: Object.values(one.subnets),
              PrivateDnsEnabled: false,
            }),
          )
        },
        /\.ecr\.api \(.*\): Interface available, private DNS off; private DNS is off/,
      ],
      [
        'a gateway that a route table does not lead to',
        (one) =>
          createEndpoints(account, one, ['s3', 'ecr.api', 'ecr.dkr'], [one.tables.isolated ?? '']),
        /\.s3 \(.*\): Gateway available, in rtb-\w+; no route to it in rtb-\w+/,
      ],
    ]
    test.each(faults)('refuses %s', async (name, prepare, words) => {
      const one = await newNetwork(name, { a: 'isolated', b: 'main' })
      await prepare(one)
      moveTo(one)
      const result = await run(mirrored)
      expectRefused(result, 3, [words])
      expect(result.stderr.match(/^ +\| *com\./gm)).toHaveLength(1)
      expect(writesOf(made)).toBe(0)
    })

    test('does not query endpoints if checks are skipped', async () => {
      moveTo(await newNetwork('ignored', { a: 'isolated' }))
      const { code, stderr } = await run([...skip, '--ignore-checks'])
      expect(code, stderr).toBe(0)
      expect(callsOf(made, 'ec2')).toEqual({})
    })

    test('does not query endpoints if the subnets reach the internet', async () => {
      moveTo(await newNetwork('open', { a: 'nat', b: 'nat' }))
      const { code, stderr } = await run(skip)
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('= all subnets can reach the internet')
      expect(callsOf(made, 'ec2')).toEqual({ DescribeSubnets: 1, DescribeRouteTables: 1 })
    })
  })
})
