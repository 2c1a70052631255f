import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeRouteTablesCommand,
  type Tag,
} from '@aws-sdk/client-ec2'
import type { Account } from './aws-account.ts'

/** The destination of a route table: none, a NAT gateway, or an internet gateway. */
export type SubnetKind = 'isolated' | 'nat' | 'public'

export interface WantedNetwork {
  readonly name: string
  /** The first two numbers of its addresses; `10.20` if omitted. */
  readonly prefix?: string
  /** The destination of the main route table; `isolated` if omitted. */
  readonly main?: SubnetKind
  /** By name: a kind, whose route table is associated explicitly, or `main` for no association. */
  readonly subnets: Readonly<Record<string, SubnetKind | 'main'>>
}

export interface Network {
  readonly vpcId: string
  /** Ids by name. */
  readonly subnets: Readonly<Record<string, string>>
  readonly mainTable: string
  /** Ids of the tables with explicit associations, by kind. */
  readonly tables: Readonly<Partial<Record<SubnetKind, string>>>
}

const named = (ResourceType: 'vpc' | 'subnet', name: string) => ({
  TagSpecifications: [{ ResourceType, Tags: [{ Key: 'Name', Value: name }] satisfies Tag[] }],
})

/** Creates a VPC with named subnets, spread over the region's first three zones. */
export async function createNetwork(account: Account, wish: WantedNetwork): Promise<Network> {
  const { ec2, region } = account
  const prefix = wish.prefix ?? '10.20'
  const made = await ec2.send(
    new CreateVpcCommand({ CidrBlock: `${prefix}.0.0/16`, ...named('vpc', wish.name) }),
  )
  const vpcId = made.Vpc?.VpcId ?? ''
  const subnets: Record<string, string> = {}
  for (const [index, name] of Object.keys(wish.subnets).entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `${prefix}.${index}.0/24`,
        AvailabilityZone: `${region}${'abc'.charAt(index % 3)}`,
        ...named('subnet', name),
      }),
    )
    subnets[name] = Subnet?.SubnetId ?? ''
  }
  const routeOf = routes(account, vpcId, Object.values(subnets)[0] ?? '')
  const lead = async (RouteTableId: string, kind: SubnetKind) => {
    const route = await routeOf(kind)
    if (route === undefined) return
    await ec2.send(
      new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...route }),
    )
  }
  const mainTable = await findMainTable(account, vpcId)
  await lead(mainTable, wish.main ?? 'isolated')
  const tables: Partial<Record<SubnetKind, string>> = {}
  for (const [name, kind] of Object.entries(wish.subnets)) {
    if (kind === 'main') continue
    let table = tables[kind]
    if (table === undefined) {
      const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))
      table = RouteTable?.RouteTableId ?? ''
      tables[kind] = table
      await lead(table, kind)
    }
    const SubnetId = subnets[name]
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId: table, SubnetId }))
  }
  return { vpcId, subnets, mainTable, tables }
}

/** Creates a network's gateways on first use. */
function routes({ ec2 }: Account, VpcId: string, SubnetId: string) {
  const gateways = new Map<SubnetKind, Partial<CreateRouteCommandInput>>()
  return async (kind: SubnetKind): Promise<Partial<CreateRouteCommandInput> | undefined> => {
    const known = gateways.get(kind)
    if (known !== undefined || kind === 'isolated') return known
    const route = kind === 'nat' ? await throughNat() : await throughInternetGateway()
    gateways.set(kind, route)
    return route
  }
  async function throughNat() {
    const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId }))
    return { NatGatewayId: NatGateway?.NatGatewayId }
  }
  async function throughInternetGateway() {
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}))
    const GatewayId = InternetGateway?.InternetGatewayId
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }))
    return { GatewayId }
  }
}

async function findMainTable({ ec2 }: Account, vpcId: string): Promise<string> {
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'association.main', Values: ['true'] },
      ],
    }),
  )
  return RouteTables?.[0]?.RouteTableId ?? ''
}

/** Creates endpoints for services such as `s3` and `ecr.api`; the S3 one is a gateway in these route tables. */
export async function createEndpoints(
  { ec2, region }: Account,
  { vpcId, subnets }: Network,
  services: readonly string[],
  routeTableIds: readonly string[] = [],
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const service of services) {
    const { VpcEndpoint } = await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: vpcId,
        ServiceName: `com.amazonaws.${region}.${service}`,
        ...(service === 's3'
          ? { VpcEndpointType: 'Gateway', RouteTableIds: [...routeTableIds] }
          : { VpcEndpointType: 'Interface', SubnetIds: Object.values(subnets) }),
      }),
    )
    ids[service] = VpcEndpoint?.VpcEndpointId ?? ''
  }
  return ids
}
