import { partitionOf } from '../image/registry.ts'

export interface Vpc {
  readonly id: string
  readonly name: string
  readonly cidr: string
  readonly state: string
}

export interface Subnet {
  readonly id: string
  readonly vpc: string
  readonly name: string
  /** Availability zone. */
  readonly zone: string
  readonly cidr: string
}

export interface RouteTable {
  readonly id: string
  /** The table of all subnets without their own table. */
  readonly isMain: boolean
  /** Subnets with an explicit association. */
  readonly subnets: readonly string[]
  readonly routes: readonly {
    readonly destination: string
    /** The ID of its target. */
    readonly target: string
    /** False when the target no longer exists. */
    readonly isActive: boolean
  }[]
}

export interface Endpoint {
  readonly id: string
  /** `com.amazonaws.us-east-2.ecr.api`. */
  readonly service: string
  /** `Gateway` or `Interface`. */
  readonly type: string
  readonly state: string
  readonly privateDns: boolean
  /** Of a gateway endpoint. */
  readonly routeTables: readonly string[]
  /** Of an interface endpoint. */
  readonly subnets: readonly string[]
}

/** How a subnet reaches the internet, if at all. */
export type Way = 'NAT' | 'IGW (public)' | 'no-internet'

/** A subnet with its effective route table. */
export interface RoutedSubnet extends Subnet {
  readonly way: Way
  readonly routeTable: string
}

/** Finds the effective route table of each subnet: its associated one, else the main one of the VPC. */
export function routeSubnets(
  subnets: readonly Subnet[],
  tables: readonly RouteTable[],
): RoutedSubnet[] {
  const main = tables.find(({ isMain }) => isMain)
  return subnets.map((subnet) => {
    const table = tables.find((one) => one.subnets.includes(subnet.id)) ?? main
    return {
      ...subnet,
      way: table === undefined ? 'no-internet' : wayOf(table),
      routeTable: table?.id ?? '',
    }
  })
}

/**
 * Returns how a route table reaches the internet: through a NAT or internet gateway. Inactive routes and those within a
 * network do not count.
 */
function wayOf({ routes }: RouteTable): Way {
  const targets = routes.filter(({ isActive }) => isActive).map(({ target }) => target)
  if (targets.some((target) => target.startsWith('igw-'))) return 'IGW (public)'
  return targets.some((target) => target.startsWith('nat-')) ? 'NAT' : 'no-internet'
}

/** Returns the route tables that an S3 gateway endpoint must be associated with, so that all these subnets use it. */
export function routeTablesOf(subnets: readonly RoutedSubnet[]): string[] {
  return [...new Set(subnets.map(({ routeTable }) => routeTable).filter((id) => id !== ''))]
}

/** A service that pods of an isolated subnet reach through an endpoint of the VPC. */
export interface PrivateService {
  readonly name: string
  readonly label: string
  readonly isRequired: boolean
}

const privateServices: readonly PrivateService[] = [
  { name: 's3', label: 'S3, which stores image layers', isRequired: true },
  { name: 'ecr.api', label: "ECR's control plane", isRequired: true },
  { name: 'ecr.dkr', label: "ECR's registry", isRequired: true },
  { name: 'logs', label: 'CloudWatch Logs', isRequired: false },
  { name: 'elasticfilesystem', label: 'EFS', isRequired: false },
  { name: 'sts', label: 'STS, for pod roles', isRequired: false },
  { name: 'eks-auth', label: 'EKS Pod Identity', isRequired: false },
  { name: 'monitoring', label: 'CloudWatch metrics', isRequired: false },
]

export type EndpointVerdict =
  | 'available'
  | 'missing'
  /** It exists, but is not ready or does not serve these subnets. */
  | 'unusable'

export interface CheckedEndpoint {
  readonly service: PrivateService
  readonly serviceName: string
  readonly verdict: EndpointVerdict
  readonly id: string
  /** Its type, state, private DNS and route tables in words, and its faults. */
  readonly about: string
}

/** Checks the endpoints of a VPC against the needs of isolated subnets. */
export function checkEndpoints(
  endpoints: readonly Endpoint[],
  subnets: readonly RoutedSubnet[],
  region: string,
): CheckedEndpoint[] {
  return privateServices.map((service) => {
    const names = serviceNames(service.name, region)
    const candidates = endpoints
      .filter((endpoint) => names.includes(endpoint.service))
      .map((endpoint) => ({ endpoint, faults: faultsOf(endpoint, subnets) }))
    // A VPC may have several for one service; one that works is enough.
    const best = candidates.find(({ faults }) => faults.length === 0) ?? candidates[0]
    const serviceName = best?.endpoint.service ?? names[0] ?? ''
    if (best === undefined) {
      return { service, serviceName, verdict: 'missing', id: '', about: 'not found' }
    }
    const { endpoint, faults } = best
    return {
      service,
      serviceName,
      verdict: faults.length === 0 ? 'available' : 'unusable',
      id: endpoint.id,
      about: [describeEndpoint(endpoint), ...faults].join('; '),
    }
  })
}

/** In China, some services have different names; both forms occur. */
function serviceNames(service: string, region: string): string[] {
  const plain = `com.amazonaws.${region}.${service}`
  return partitionOf(region)?.id === 'aws-cn' ? [`cn.${plain}`, plain] : [plain]
}

function faultsOf(endpoint: Endpoint, subnets: readonly RoutedSubnet[]): string[] {
  const faults: string[] = []
  if (endpoint.state !== 'available') faults.push(`its state is ${endpoint.state}`)
  if (endpoint.type === 'Gateway') {
    const lacking = routeTablesOf(subnets).filter((id) => !endpoint.routeTables.includes(id))
    if (lacking.length > 0) faults.push(`no route to it in ${lacking.join(', ')}`)
  } else if (!endpoint.privateDns) {
    faults.push('private DNS is off, so names still resolve to public addresses')
  }
  return faults
}

function describeEndpoint({ type, state, privateDns, routeTables }: Endpoint): string {
  const about =
    type === 'Gateway'
      ? `in ${routeTables.join(', ') || 'no route table'}`
      : `private DNS ${privateDns ? 'on' : 'off'}`
  return `${type} ${state}, ${about}`
}
