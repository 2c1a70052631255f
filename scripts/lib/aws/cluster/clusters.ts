import {
  AssociateAccessPolicyCommand,
  type Cluster as SdkCluster,
  CreateAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DescribeUpdateCommand,
  EKSClient,
  ListAssociatedAccessPoliciesCommand,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks'
import { ProblemError } from '../../model/problem.ts'
import { allPages, createCaller, type AwsSession } from '../session.ts'

/** The node pools of EKS Auto Mode. */
export interface ComputeConfig {
  /** False for a cluster without Auto Mode, whose nodes are managed elsewhere. */
  readonly enabled: boolean
  readonly nodePools: readonly string[]
  readonly nodeRole: string | undefined
}

export interface Cluster {
  readonly name: string
  readonly status: string
  readonly version: string
  readonly endpoint: string
  /** PEM. */
  readonly authority: string
  readonly vpc: string
  readonly subnets: readonly string[]
  readonly compute: ComputeConfig
}

/** The EKS calls of a bootstrap. Every failure is a `ProblemError`. */
export interface Clusters {
  readonly read: (name: string) => Promise<Cluster | undefined>
  /** Sets the node pools, with all settings that Auto Mode requires together. Returns the id of the update. */
  readonly setNodePools: (name: string, compute: ComputeConfig) => Promise<string>
  /** `InProgress`, `Successful`, `Failed` or `Cancelled`, with what went wrong. */
  readonly readUpdate: (
    name: string,
    id: string,
  ) => Promise<{ readonly status: string; readonly errors: readonly string[] }>
  readonly hasAccessEntry: (name: string, principal: string) => Promise<boolean>
  readonly createAccessEntry: (name: string, principal: string) => Promise<void>
  readonly accessPolicies: (name: string, principal: string) => Promise<string[]>
  readonly grantAccessPolicy: (name: string, principal: string, policy: string) => Promise<void>
  readonly close: () => void
}

export function openClusters(session: AwsSession): Clusters {
  const caller = createCaller(session, (settings) => new EKSClient(settings))
  const { send } = caller
  return {
    close: caller.close,

    read: (name) =>
      unlessMissing(async () => {
        const { cluster } = await send('eks:DescribeCluster', (client, options) =>
          client.send(new DescribeClusterCommand({ name }), options),
        )
        return cluster === undefined ? undefined : clusterOf(name, cluster)
      }),

    async setNodePools(name, { nodePools, nodeRole }) {
      const { update } = await send('eks:UpdateClusterConfig', (client, options) =>
        client.send(
          new UpdateClusterConfigCommand({
            name,
            // EKS only accepts the three together.
            computeConfig: {
              enabled: true,
              nodePools: [...nodePools],
              // EKS requires both or neither.
              ...(nodeRole !== undefined && nodePools.length > 0 && { nodeRoleArn: nodeRole }),
            },
            kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
            storageConfig: { blockStorage: { enabled: true } },
          }),
          options,
        ),
      )
      return update?.id ?? ''
    },

    async readUpdate(name, updateId) {
      const { update } = await send('eks:DescribeUpdate', (client, options) =>
        client.send(new DescribeUpdateCommand({ name, updateId }), options),
      )
      return {
        status: update?.status ?? 'InProgress',
        errors: (update?.errors ?? []).map(({ errorCode = '', errorMessage = '' }) =>
          `${errorCode} ${errorMessage}`.trim(),
        ),
      }
    },

    async hasAccessEntry(clusterName, principalArn) {
      const entry = await unlessMissing(() =>
        send('eks:DescribeAccessEntry', (client, options) =>
          client.send(new DescribeAccessEntryCommand({ clusterName, principalArn }), options),
        ),
      )
      return entry !== undefined
    },

    async createAccessEntry(clusterName, principalArn) {
      await send('eks:CreateAccessEntry', (client, options) =>
        client.send(new CreateAccessEntryCommand({ clusterName, principalArn }), options),
      )
    },

    async accessPolicies(clusterName, principalArn) {
      const policies = await allPages(
        (nextToken) =>
          send('eks:ListAssociatedAccessPolicies', (client, options) =>
            client.send(
              new ListAssociatedAccessPoliciesCommand({
                clusterName,
                principalArn,
                ...(nextToken !== undefined && { nextToken }),
              }),
              options,
            ),
          ),
        ({ associatedAccessPolicies }) => associatedAccessPolicies,
        ({ nextToken }) => nextToken,
      )
      return policies.flatMap(({ policyArn }) => policyArn ?? [])
    },

    async grantAccessPolicy(clusterName, principalArn, policyArn) {
      await send('eks:AssociateAccessPolicy', (client, options) =>
        client.send(
          new AssociateAccessPolicyCommand({
            clusterName,
            principalArn,
            policyArn,
            accessScope: { type: 'cluster' },
          }),
          options,
        ),
      )
    },
  }
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const isMissing =
      error instanceof ProblemError && error.problems.every(({ kind }) => kind === 'not-found')
    if (isMissing) return undefined
    throw error
  }
}

function clusterOf(name: string, cluster: SdkCluster): Cluster {
  const { computeConfig, resourcesVpcConfig: network } = cluster
  return {
    name,
    status: cluster.status ?? 'UNKNOWN',
    version: cluster.version ?? '',
    endpoint: cluster.endpoint ?? '',
    authority: Buffer.from(cluster.certificateAuthority?.data ?? '', 'base64').toString('utf8'),
    vpc: network?.vpcId ?? '',
    subnets: network?.subnetIds ?? [],
    compute: {
      enabled: computeConfig?.enabled ?? false,
      nodePools: computeConfig?.nodePools ?? [],
      nodeRole: computeConfig?.nodeRoleArn,
    },
  }
}
