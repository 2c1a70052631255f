import { createAwsAgent } from '../aws/agent.ts'
import { type Clusters, openClusters } from '../aws/cluster/clusters.ts'
import { type ClusterTokens, openClusterTokens } from '../aws/cluster/token.ts'
import { type Dashboards, openDashboards } from '../aws/dashboards.ts'
import { type Identity, readIdentity } from '../aws/identity.ts'
import { type NetworkReader, openNetwork } from '../aws/network.ts'
import type { Session } from '../aws/session.ts'
import { openStacks, type Stacks } from '../aws/stacks.ts'

/** The doors to one account in one region. */
export interface Account {
  readonly region: string
  readonly identity: () => Promise<Identity>
  readonly stacks: Stacks
  readonly network: NetworkReader
  readonly clusters: Clusters
  readonly dashboards: Dashboards
  readonly tokens: ClusterTokens
  readonly close: () => void
}

export function openAccount(region: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Account {
  const session: Session = { region, agent: createAwsAgent(env), signal }
  const parts = {
    stacks: openStacks(session),
    network: openNetwork(session),
    clusters: openClusters(session),
    dashboards: openDashboards(session),
  }
  return {
    region,
    identity: () => readIdentity({ ...session, fips: false, dualStack: false }, signal),
    ...parts,
    tokens: openClusterTokens(session),
    close: () => Object.values(parts).forEach((part) => part.close()),
  }
}
