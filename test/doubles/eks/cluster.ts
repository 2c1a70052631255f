import { createHash } from 'node:crypto'
import type { Place } from '../../../scripts/sandbox/aws/partition.ts'

export type AuthenticationMode = 'API' | 'API_AND_CONFIG_MAP' | 'CONFIG_MAP'

export interface ComputeConfig {
  readonly enabled: boolean
  readonly nodePools?: readonly string[] | undefined
  readonly nodeRoleArn?: string | undefined
}

/** The settings of a cluster in a test. */
export interface ClusterOptions {
  readonly name: string
  /** `1.33` if omitted. */
  readonly version?: string
  readonly status?: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'FAILED'
  readonly roleArn?: string
  readonly vpcId?: string
  readonly subnetIds?: readonly string[]
  readonly securityGroupIds?: readonly string[]
  readonly clusterSecurityGroupId?: string
  readonly endpointPublicAccess?: boolean
  readonly endpointPrivateAccess?: boolean
  readonly publicAccessCidrs?: readonly string[]
  /** Auto Mode, which is enabled together with load balancing and block storage. */
  readonly computeConfig?: ComputeConfig
  readonly authenticationMode?: AuthenticationMode
  readonly updates?: UpdateCourse
}

/** How the updates of a cluster proceed. */
export interface UpdateCourse {
  /** How many reads report an update as running before it ends; one if omitted. */
  readonly polls?: number
  /** Makes every update fail with this message. */
  readonly failure?: string
}

export interface Cluster {
  settings: Required<Omit<ClusterOptions, 'computeConfig'>> & Pick<ClusterOptions, 'computeConfig'>
  /** The host of its Kubernetes API, in lowercase. */
  readonly endpointHost: string
  readonly createdAt: number
  /** By the ARN of the principal. */
  readonly accessEntries: Map<string, AccessEntry>
  readonly updates: Map<string, Update>
}

/** The clusters of one account in one region. */
export interface EksState {
  readonly place: Place
  /** The root certificate of the Kubernetes APIs. */
  readonly certificateAuthority: string
  readonly now: () => number
  readonly clusters: Map<string, Cluster>
}

/** Changes a cluster, or creates it if it does not exist. */
export function setCluster(state: EksState, options: ClusterOptions): void {
  const known = state.clusters.get(options.name)
  if (known) known.settings = { ...known.settings, ...options }
  else state.clusters.set(options.name, newCluster(state, options))
}

function newCluster({ place, now }: EksState, options: ClusterOptions): Cluster {
  const { account, region, partition, eksHost } = place
  const id = createHash('md5').update(`${account}/${region}/${options.name}`).digest('hex')
  return {
    settings: {
      version: '1.33',
      status: 'ACTIVE',
      roleArn: `arn:${partition}:iam::${account}:role/${options.name}-cluster`,
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1c2d3e4f5a60718'],
      securityGroupIds: [],
      clusterSecurityGroupId: 'sg-0a1b2c3d4e5f60718',
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      publicAccessCidrs: ['0.0.0.0/0'],
      authenticationMode: 'API_AND_CONFIG_MAP',
      updates: {},
      ...options,
    },
    endpointHost: `${id}.gr7.${eksHost.replace(/^eks\.([^.]+)\./, '$1.eks.')}`,
    createdAt: now(),
    accessEntries: new Map(),
    updates: new Map(),
  }
}

function clusterArn({ place }: EksState, name: string): string {
  return `arn:${place.partition}:eks:${place.region}:${place.account}:cluster/${name}`
}

/** Returns a cluster in the format of `DescribeCluster`. */
export function describeCluster(state: EksState, cluster: Cluster): object {
  const { settings, endpointHost } = cluster
  const { vpcId, subnetIds, securityGroupIds, clusterSecurityGroupId } = settings
  const { endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs } = settings
  const { name, version, status, roleArn, computeConfig, authenticationMode } = settings
  const autoMode = { enabled: computeConfig?.enabled ?? false }
  const [id = '', ...rest] = endpointHost.split('.')
  return {
    name,
    arn: clusterArn(state, name),
    createdAt: cluster.createdAt / 1000,
    version,
    platformVersion: 'eks.1',
    status,
    roleArn,
    resourcesVpcConfig: {
      vpcId,
      subnetIds,
      securityGroupIds,
      clusterSecurityGroupId,
      endpointPublicAccess,
      endpointPrivateAccess,
      publicAccessCidrs,
    },
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: '172.20.0.0/16',
      ipFamily: 'ipv4',
      elasticLoadBalancing: autoMode,
    },
    accessConfig: { authenticationMode },
    ...(computeConfig && { computeConfig, storageConfig: { blockStorage: autoMode } }),
    // A cluster that is being created has neither yet.
    ...(status !== 'CREATING' && {
      endpoint: `https://${[id.toUpperCase(), ...rest].join('.')}`,
      certificateAuthority: { data: Buffer.from(state.certificateAuthority).toString('base64') },
    }),
    tags: {},
    health: { issues: [] },
  }
}

export interface Update {
  readonly id: string
  readonly type: 'AutoModeUpdate' | 'AccessConfigUpdate'
  readonly createdAt: number
  /** Returns the cluster after a successful update. */
  readonly changes: Partial<ClusterOptions>
  status: 'InProgress' | 'Successful' | 'Failed'
  pollsLeft: number
  failure?: string
}

export interface AccessPolicy {
  readonly policyArn: string
  readonly accessScope: { readonly type: string; readonly namespaces: readonly string[] }
  readonly associatedAt: number
}

/** A principal with access to a cluster. */
export interface AccessEntry {
  readonly principalArn: string
  readonly type: 'STANDARD' | 'EC2' | 'EC2_LINUX' | 'EC2_WINDOWS' | 'FARGATE_LINUX'
  readonly username: string
  readonly kubernetesGroups: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  /** By ARN. */
  readonly policies: Map<string, AccessPolicy>
}
