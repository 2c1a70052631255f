import type { NetworkReader } from '../../aws/network.ts'
import { columns } from '../../cli/text.ts'
import {
  checkEndpoints,
  type CheckedEndpoint,
  type RoutedSubnet,
  routeSubnets,
  type Vpc,
} from '../../model/internet/network.ts'
import { type Problem, ProblemError } from '../../model/problem.ts'
import type { IncompleteImport } from '../arguments.ts'

/** The subnets with their way to the internet. Throws `ProblemError` when one is not in the VPC. */
export async function readSubnets(
  network: NetworkReader,
  vpc: string,
  ids: readonly string[] | undefined,
): Promise<RoutedSubnet[]> {
  const [subnets, tables] = await Promise.all([
    network.subnets(ids === undefined ? { vpc } : { ids }),
    network.routeTables(vpc),
  ])
  const strangers = subnets.filter((subnet) => subnet.vpc !== vpc)
  if (strangers.length > 0) {
    throw new ProblemError(
      strangers.map((subnet): Problem => ({
        kind: 'invalid-input',
        side: 'input',
        message: `subnet "${subnet.id}" is in VPC "${subnet.vpc}", not in "${vpc}"`,
        next: 'name subnets of the VPC by --subnet-ids; leave it out to see them',
      })),
    )
  }
  return routeSubnets(subnets, tables)
}

export function subnetTable(subnets: readonly RoutedSubnet[]): string[] {
  return columns([
    ['subnet', 'zone', 'CIDR', 'route table', 'internet', 'name'],
    ...subnets.map(({ id, zone, cidr, routeTable, way, name }) => [
      id,
      zone,
      cidr,
      routeTable || 'none',
      way,
      name,
    ]),
  ])
}

function vpcTable(vpcs: readonly Vpc[]): string[] {
  return columns([
    ['VPC', 'name', 'CIDR', 'state'],
    ...vpcs.map(({ id, name, cidr, state }) => [id, name, cidr, state]),
  ])
}

function listVpcs(why: string, vpcs: readonly Vpc[]): Problem {
  return {
    kind: 'usage',
    side: 'input',
    message: [why, ...(vpcs.length === 0 ? ['there is none'] : vpcTable(vpcs))].join('\n'),
    next: 'name one by --vpc-id; without --subnet-ids its subnets are listed then',
  }
}

/** What an import does not say; for when nobody can tell what there is. */
export function lackOf({ lacks }: IncompleteImport): Problem {
  const [what, flag] = lacks === 'vpc' ? ['a VPC', '--vpc-id'] : ['subnets', '--subnet-ids']
  const message = `--deploy-import-vpc-cfn needs ${what}`
  return { kind: 'usage', side: 'input', message, next: `add ${flag}` }
}

/** What to choose from, for an import that does not name its VPC or its subnets. */
export async function explainIncomplete(
  network: NetworkReader,
  { lacks, vpc }: IncompleteImport,
  region: string,
): Promise<Problem> {
  const vpcs = await network.vpcs()
  if (lacks === 'vpc' || vpc === undefined) {
    return listVpcs(`--deploy-import-vpc-cfn needs a VPC; those of "${region}" are`, vpcs)
  }
  // A filter by an id that does not exist finds no subnets, and no fault either.
  if (!vpcs.some(({ id }) => id === vpc)) {
    return listVpcs(`there is no VPC "${vpc}" in "${region}"; there are`, vpcs)
  }
  const subnets = await readSubnets(network, vpc, undefined)
  const list = subnets.length === 0 ? ['it has none'] : subnetTable(subnets)
  return {
    kind: 'usage',
    side: 'input',
    message: [`--deploy-import-vpc-cfn needs subnets; those of "${vpc}" are`, ...list].join('\n'),
    next: 'name two or more in different zones by --subnet-ids a,b',
  }
}

/** True when the cluster's pods cannot reach the internet from at least one of the subnets. */
export function areIsolated(subnets: readonly RoutedSubnet[]): boolean {
  return subnets.some(({ way }) => way === 'no-internet')
}

/** Isolated subnets get images from nowhere but the private registry. */
export function isolationProblem(
  subnets: readonly RoutedSubnet[],
  { arePrivate }: { readonly arePrivate: boolean },
): Problem | undefined {
  if (!areIsolated(subnets) || arePrivate) return undefined
  const ids = subnets.filter(({ way }) => way === 'no-internet').map(({ id }) => `"${id}"`)
  return {
    kind: 'usage',
    side: 'input',
    message: `no route leads from ${ids.join(', ')} to the internet, and public images are to be pulled: public.ecr.aws has no VPC endpoint`,
    next: 'add --push-all-images-to-private-ecr (or --build-images); use subnets with a NAT gateway; or skip this check by --ignore-checks',
  }
}

export function endpointTable(checked: readonly CheckedEndpoint[]): string[] {
  return columns([
    ['endpoint', 'needed', 'found', 'about'],
    ...checked.map(({ serviceName, service, verdict, id, about }) => [
      serviceName,
      service.isRequired ? 'yes' : 'advised',
      verdict === 'missing' ? 'missing' : `${id} ${verdict}`,
      about,
    ]),
  ])
}

export interface EndpointReport {
  readonly checked: readonly CheckedEndpoint[]
  readonly problem: Problem | undefined
  /** Services that are only advised, and cannot be used. */
  readonly advised: readonly string[]
}

/** Checks the endpoints of an isolated network. */
export async function readEndpoints(
  network: NetworkReader,
  vpc: string,
  subnets: readonly RoutedSubnet[],
  region: string,
): Promise<EndpointReport> {
  const checked = checkEndpoints(await network.endpoints(vpc), subnets, region)
  const bad = checked.filter(({ verdict }) => verdict !== 'available')
  const required = bad.filter(({ service }) => service.isRequired)
  const lines = required.map((one) => `  ${describe(one)}`)
  return {
    checked,
    advised: bad.filter(({ service }) => !service.isRequired).map(({ service }) => service.name),
    problem:
      required.length === 0
        ? undefined
        : {
            kind: 'not-found',
            side: 'target',
            message: [`the isolated subnets of "${vpc}" lack endpoints:`, ...lines].join('\n'),
            next: 'have the template create them (--deploy-import-vpc-cfn with --create-vpc-endpoints); use subnets with a NAT gateway; or skip this check by --ignore-checks',
          },
  }
}

function describe({ serviceName, service, about }: CheckedEndpoint): string {
  return `${serviceName} (${service.label}): ${about}`
}
