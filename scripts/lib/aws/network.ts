import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Filter,
  type RouteTable as SdkRouteTable,
  type Tag,
} from '@aws-sdk/client-ec2'
import type { Endpoint, RouteTable, Subnet, Vpc } from '../model/internet/network.ts'
import { allPages, createCaller, type AwsSession } from './session.ts'

/** The EC2 calls of a bootstrap, which only read. Every failure is a `ProblemError`. */
export interface NetworkReader {
  readonly vpcs: () => Promise<Vpc[]>
  /** Lists the subnets of a VPC, or those with these ids. EC2 fails for an id that does not exist. */
  readonly subnets: (
    wanted: { readonly vpc: string } | { readonly ids: readonly string[] },
  ) => Promise<Subnet[]>
  readonly routeTables: (vpc: string) => Promise<RouteTable[]>
  readonly endpoints: (vpc: string) => Promise<Endpoint[]>
  readonly close: () => void
}

export function openNetwork(session: AwsSession): NetworkReader {
  const caller = createCaller(session, (settings) => new EC2Client(settings))
  const { send } = caller
  return {
    close: caller.close,

    async vpcs() {
      const vpcs = await allPages(
        (token) =>
          send('ec2:DescribeVpcs', (client, options) =>
            client.send(new DescribeVpcsCommand(pageOf(token)), options),
          ),
        ({ Vpcs }) => Vpcs,
        tokenOf,
      )
      return vpcs.map(({ VpcId = '', Tags, CidrBlock = '', State = '' }) => ({
        id: VpcId,
        name: nameOf(Tags),
        cidr: CidrBlock,
        state: State,
      }))
    },

    async subnets(wanted) {
      const input =
        'ids' in wanted ? { SubnetIds: [...wanted.ids] } : { Filters: ofVpc(wanted.vpc) }
      const subnets = await allPages(
        (token) =>
          send('ec2:DescribeSubnets', (client, options) =>
            client.send(new DescribeSubnetsCommand({ ...input, ...pageOf(token) }), options),
          ),
        ({ Subnets }) => Subnets,
        tokenOf,
      )
      return subnets.map((subnet) => ({
        id: subnet.SubnetId ?? '',
        vpc: subnet.VpcId ?? '',
        name: nameOf(subnet.Tags),
        zone: subnet.AvailabilityZone ?? '',
        cidr: subnet.CidrBlock ?? '',
      }))
    },

    async routeTables(vpc) {
      const tables = await allPages(
        (token) =>
          send('ec2:DescribeRouteTables', (client, options) =>
            client.send(
              new DescribeRouteTablesCommand({ Filters: ofVpc(vpc), ...pageOf(token) }),
              options,
            ),
          ),
        ({ RouteTables }) => RouteTables,
        tokenOf,
      )
      return tables.map(routeTableOf)
    },

    async endpoints(vpc) {
      const endpoints = await allPages(
        (token) =>
          send('ec2:DescribeVpcEndpoints', (client, options) =>
            client.send(
              new DescribeVpcEndpointsCommand({ Filters: ofVpc(vpc), ...pageOf(token) }),
              options,
            ),
          ),
        ({ VpcEndpoints }) => VpcEndpoints,
        tokenOf,
      )
      return endpoints.map((endpoint) => ({
        id: endpoint.VpcEndpointId ?? '',
        service: endpoint.ServiceName ?? '',
        type: endpoint.VpcEndpointType ?? '',
        // The API returns `Available` in some answers and `available` in others.
        state: (endpoint.State ?? '').toLowerCase(),
        privateDns: endpoint.PrivateDnsEnabled ?? false,
        routeTables: endpoint.RouteTableIds ?? [],
        subnets: endpoint.SubnetIds ?? [],
      }))
    },
  }
}

function tokenOf({ NextToken }: { readonly NextToken?: string | undefined }) {
  return NextToken
}

function pageOf(token: string | undefined) {
  return token === undefined ? {} : { NextToken: token }
}

function ofVpc(vpc: string): Filter[] {
  return [{ Name: 'vpc-id', Values: [vpc] }]
}

function nameOf(tags: readonly Tag[] = []): string {
  return tags.find(({ Key }) => Key === 'Name')?.Value ?? ''
}

function routeTableOf({ RouteTableId, Associations = [], Routes = [] }: SdkRouteTable): RouteTable {
  return {
    id: RouteTableId ?? '',
    isMain: Associations.some(({ Main }) => Main === true),
    subnets: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: Routes.map((route) => ({
      destination:
        route.DestinationCidrBlock ??
        route.DestinationIpv6CidrBlock ??
        route.DestinationPrefixListId ??
        '',
      target:
        route.NatGatewayId ??
        route.GatewayId ??
        route.TransitGatewayId ??
        route.EgressOnlyInternetGatewayId ??
        route.VpcPeeringConnectionId ??
        route.InstanceId ??
        route.NetworkInterfaceId ??
        '',
      isActive: route.State !== 'blackhole',
    })),
  }
}
