import { describe, expect, it } from 'vitest'
import {
  endpointTable,
  isolationProblem,
  subnetTable,
} from '../../../scripts/lib/bootstrap/network.ts'
import {
  checkEndpoints,
  type Endpoint,
  type RouteTable,
  routeSubnets,
  routeTablesOf,
  type Subnet,
} from '../../../scripts/lib/model/internet/network.ts'

const subnet = (id: string): Subnet => ({
  id,
  vpc: 'vpc-1',
  name: id,
  zone: 'us-east-2a',
  cidr: '10.0.0.0/24',
})
const table = (id: string, target: string, change: Partial<RouteTable> = {}): RouteTable => ({
  id,
  isMain: false,
  subnets: [],
  routes: [
    { destination: '10.0.0.0/16', target: 'local', isActive: true },
    { destination: '0.0.0.0/0', target, isActive: true },
  ],
  ...change,
})

describe('How a subnet reaches the internet', () => {
  const cases: readonly (readonly [string, readonly RouteTable[], string, string])[] = [
    [
      'by a NAT gateway of its own table',
      [table('rtb-1', 'nat-1', { subnets: ['a'] }), table('rtb-2', 'igw-1', { isMain: true })],
      'NAT',
      'rtb-1',
    ],
    [
      'by the main table, which has an internet gateway',
      [table('rtb-2', 'igw-1', { isMain: true })],
      'IGW (public)',
      'rtb-2',
    ],
    [
      'not, by its own table, whatever the main one has',
      [table('rtb-1', 'tgw-1', { subnets: ['a'] }), table('rtb-2', 'nat-1', { isMain: true })],
      'no-internet',
      'rtb-1',
    ],
    [
      'not, by a peering or an endpoint',
      [table('rtb-1', 'pcx-1', { isMain: true })],
      'no-internet',
      'rtb-1',
    ],
    [
      'not, by a NAT gateway that is gone',
      [
        table('rtb-1', 'x', {
          isMain: true,
          routes: [{ destination: '0.0.0.0/0', target: 'nat-1', isActive: false }],
        }),
      ],
      'no-internet',
      'rtb-1',
    ],
    ['not, with no table at all', [], 'no-internet', ''],
    [
      'not, by an egress-only gateway',
      [table('rtb-1', 'eigw-1', { isMain: true })],
      'no-internet',
      'rtb-1',
    ],
  ]
  it.each(cases)('%s', (_, tables, way, routeTable) => {
    expect(routeSubnets([subnet('a')], tables)).toMatchObject([{ id: 'a', way, routeTable }])
  })
})

const isolated = routeSubnets(
  [subnet('a'), subnet('b')],
  [table('rtb-1', 'local', { subnets: ['a'] }), table('rtb-2', 'local', { isMain: true })],
)

it('the route tables for S3 are those of the subnets, the main one for a subnet without its own', () => {
  expect(routeTablesOf(isolated)).toStrictEqual(['rtb-1', 'rtb-2'])
})

describe('Isolated subnets need images in the private registry', () => {
  it.each([
    ['private ones are accepted', true, false],
    ['public ones are refused, with the way out', false, true],
  ])('%s', (_, arePrivate, isRefused) => {
    const problem = isolationProblem(isolated, { arePrivate })
    expect(problem !== undefined).toBe(isRefused)
    if (problem) {
      expect(problem.message).toContain('"a", "b"')
      expect(problem.next).toContain('--push-all-images-to-private-ecr')
    }
  })
  it('subnets with a way out need nothing', () => {
    const open = routeSubnets([subnet('a')], [table('rtb-1', 'nat-1', { isMain: true })])
    expect(isolationProblem(open, { arePrivate: false })).toBeUndefined()
  })
})

const endpoint = (service: string, change: Partial<Endpoint> = {}): Endpoint => ({
  id: `vpce-${service}`,
  service: `com.amazonaws.us-east-2.${service}`,
  type: 'Interface',
  state: 'available',
  privateDns: true,
  routeTables: [],
  subnets: ['a', 'b'],
  ...change,
})
const gateway = (change: Partial<Endpoint> = {}) =>
  endpoint('s3', { type: 'Gateway', privateDns: false, routeTables: ['rtb-1', 'rtb-2'], ...change })

describe('The endpoints that isolated subnets need', () => {
  const verdicts = (endpoints: readonly Endpoint[], region = 'us-east-2') =>
    Object.fromEntries(
      checkEndpoints(endpoints, isolated, region).map(({ service, verdict }) => [
        service.name,
        verdict,
      ]),
    )
  it('all are there', () => {
    const names = [
      'ecr.api',
      'ecr.dkr',
      'logs',
      'elasticfilesystem',
      'sts',
      'eks-auth',
      'monitoring',
    ]
    const all = [gateway(), ...names.map((name) => endpoint(name))]
    expect(new Set(Object.values(verdicts(all)))).toStrictEqual(new Set(['available']))
  })
  it.each([
    ['none', [], 'missing', /not found/],
    [
      'one that is being made',
      [endpoint('ecr.api', { state: 'pending' })],
      'unusable',
      /its state is pending/,
    ],
    [
      'one without private DNS',
      [endpoint('ecr.api', { privateDns: false })],
      'unusable',
      /private DNS is off/,
    ],
    [
      'two, one of which serves',
      [endpoint('ecr.api', { state: 'failed' }), endpoint('ecr.api')],
      'available',
      /available/,
    ],
  ] as const)('ecr.api: %s', (_, endpoints, verdict, about) => {
    const found = checkEndpoints(endpoints, isolated, 'us-east-2').find(
      ({ service }) => service.name === 'ecr.api',
    )
    expect(found).toMatchObject({ verdict, about: expect.stringMatching(about) })
  })
  it('a gateway that is not in every route table of the subnets does not serve them', () => {
    const [s3] = checkEndpoints([gateway({ routeTables: ['rtb-1'] })], isolated, 'us-east-2')
    expect(s3).toMatchObject({
      verdict: 'unusable',
      about: expect.stringContaining('no route to it in rtb-2'),
    })
  })
  it('one of another region does not count', () => {
    expect(verdicts([endpoint('ecr.api')], 'eu-west-1')['ecr.api']).toBe('missing')
  })
  it.each(['com.amazonaws.cn-north-1.ecr.api', 'cn.com.amazonaws.cn-north-1.ecr.api'])(
    'in China %s counts',
    (service) => {
      expect(verdicts([endpoint('ecr.api', { service })], 'cn-north-1')['ecr.api']).toBe(
        'available',
      )
    },
  )
})

it('tables say of each subnet its zone, CIDR, route table and way, and of each endpoint what was found', () => {
  expect(subnetTable(isolated)[1]).toMatch(/^a +us-east-2a +10\.0\.0\.0\/24 +rtb-1 +no-internet/)
  const [header = '', s3 = '', api = ''] = endpointTable(
    checkEndpoints([gateway()], isolated, 'us-east-2'),
  )
  expect(header).toMatch(/endpoint +needed +found +about/)
  expect(s3).toMatch(/s3 +yes +vpce-s3 available +Gateway available, in rtb-1, rtb-2/)
  expect(api).toMatch(/ecr\.api +yes +missing +not found/)
})
