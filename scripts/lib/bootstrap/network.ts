import type { NetworkReader } from '../aws/network.ts'
import { columns } from '../cli/text.ts'
import {
  checkEndpoints,
  type CheckedEndpoint,
  type RoutedSubnet,
  routeSubnets,
  type Vpc,
} from '../model/internet/network.ts'
import { listMessage, type Problem, ProblemError } from '../model/problem.ts'
import type { IncompleteImport } from './arguments.ts'

/** Reads the subnets with their routes to the internet. Throws `ProblemError` when one is not in the VPC. */
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
        next: 'set --subnet-ids to subnets of the VPC; omit it to list them',
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
    ...listMessage(why, vpcs.length === 0 ? ['(none)'] : vpcTable(vpcs)),
    next: 'choose one with --vpc-id; omit --subnet-ids to list its subnets',
  }
}

/** Returns the problem of an incomplete import, for when the existing VPCs and subnets cannot be listed. */
export function incompleteImportProblem({ lacks }: IncompleteImport): Problem {
  const [what, flag] = lacks === 'vpc' ? ['a VPC', '--vpc-id'] : ['subnets', '--subnet-ids']
  const message = `--deploy-import-vpc-cfn requires ${what}`
  return { kind: 'usage', side: 'input', message, next: `add ${flag}` }
}

/** Returns the problem of an incomplete import, with the VPCs or subnets to choose from. */
export async function explainIncomplete(
  network: NetworkReader,
  { lacks, vpc }: IncompleteImport,
  region: string,
): Promise<Problem> {
  const vpcs = await network.vpcs()
  if (lacks === 'vpc' || vpc === undefined) {
    return listVpcs(`--deploy-import-vpc-cfn requires a VPC; VPCs in "${region}"`, vpcs)
  }
  // Filtering by a VPC ID that does not exist returns no subnets, and no error either.
  if (!vpcs.some(({ id }) => id === vpc)) {
    return listVpcs(`VPC "${vpc}" does not exist in "${region}"; existing VPCs`, vpcs)
  }
  const subnets = await readSubnets(network, vpc, undefined)
  const list = subnets.length === 0 ? ['(none)'] : subnetTable(subnets)
  return {
    kind: 'usage',
    side: 'input',
    ...listMessage(`--deploy-import-vpc-cfn requires subnets; subnets of "${vpc}"`, list),
    next: 'choose two or more in different zones with --subnet-ids a,b',
  }
}

/** Returns true when the cluster's pods cannot reach the internet from at least one of the subnets. */
export function areIsolated(subnets: readonly RoutedSubnet[]): boolean {
  return subnets.some(({ way }) => way === 'no-internet')
}

/** Returns the problem of isolated subnets with public images: they can only pull from the private registry. */
export function isolationProblem(
  subnets: readonly RoutedSubnet[],
  { arePrivate }: { readonly arePrivate: boolean },
): Problem | undefined {
  if (!areIsolated(subnets) || arePrivate) return undefined
  const ids = subnets.filter(({ way }) => way === 'no-internet').map(({ id }) => `"${id}"`)
  return {
    kind: 'usage',
    side: 'input',
    message: `${ids.join(', ')} cannot reach the internet to pull public images, and public.ecr.aws has no VPC endpoint`,
    next: 'add --push-all-images-to-private-ecr (or --build-images), use subnets with a NAT gateway, or skip this check with --ignore-checks',
  }
}

export function endpointTable(checked: readonly CheckedEndpoint[]): string[] {
  return columns([
    ['endpoint', 'needed', 'found', 'about'],
    ...checked.map(({ serviceName, service, verdict, id, about }) => [
      serviceName,
      service.isRequired ? 'yes' : 'recommended',
      verdict === 'missing' ? 'missing' : `${id} ${verdict}`,
      about,
    ]),
  ])
}

export interface EndpointReport {
  readonly checked: readonly CheckedEndpoint[]
  readonly problem: Problem | undefined
  /** Recommended services that cannot be used. */
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
            ...listMessage(`the isolated subnets of "${vpc}" are missing endpoints`, lines),
            next: 'create them with the template (--deploy-import-vpc-cfn --create-vpc-endpoints), use subnets with a NAT gateway, or skip this check with --ignore-checks',
          },
  }
}

function describe({ serviceName, service, about }: CheckedEndpoint): string {
  return `${serviceName} (${service.label}): ${about}`
}
