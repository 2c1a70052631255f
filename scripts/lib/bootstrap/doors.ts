import { createAwsAgent } from '../aws/agent.ts'
import { type Clusters, openClusters } from '../aws/cluster/clusters.ts'
import { type ClusterTokens, openClusterTokens } from '../aws/cluster/token.ts'
import { type Dashboards, openDashboards } from '../aws/dashboards.ts'
import { type Identity, readIdentity } from '../aws/identity.ts'
import { type NetworkReader, openNetwork } from '../aws/network.ts'
import type { AwsSession } from '../aws/session.ts'
import { openStacks, type Stacks } from '../aws/stacks.ts'
import { openTarget } from '../aws/ecr/target.ts'
import type { RegistryLogin } from '../aws/token.ts'
import type { Context } from '../cli/main.ts'
import { openMirrorDoors } from '../mirror/session/open-doors.ts'
import type { MirrorDoors } from '../mirror/session/doors.ts'
import type { Notify } from '../model/events.ts'
import type { EcrRegistry } from '../model/image/registry.ts'
import { type ClusterAddress, type Kubernetes, openKubernetes } from '../tools/kubernetes/client.ts'
import { type Clock, systemClock } from '../tools/pacing/clock.ts'
import { runInteractive } from '../tools/process/exec.ts'

/** The AWS interfaces for one account in one region. */
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

/** All external interfaces of a bootstrap besides the session. Created once; replaced in tests. */
export interface BootstrapDoors {
  readonly openAccount: (region: string) => Account
  readonly openKubernetes: (address: ClusterAddress) => Kubernetes
  readonly openMirror: (notify: Notify) => MirrorDoors
  /** Asks ECR for a login. Throws `ProblemError`. */
  readonly authorize: (registry: EcrRegistry) => Promise<RegistryLogin>
  readonly clock: Clock
  /** Runs an interactive command; absent without a terminal. */
  readonly talk: typeof runInteractive | undefined
}

/** Opens the real doors. */
export function openBootstrapDoors({
  env,
  signal,
}: Pick<Context, 'env' | 'signal'>): BootstrapDoors {
  const isTalking = process.stdin.isTTY && process.stdout.isTTY
  return {
    openAccount: (region) => openAccount(region, env, signal),
    openKubernetes: (address) => openKubernetes(address, env, signal),
    openMirror: (notify) => openMirrorDoors({ env, signal }, notify),
    authorize: async (registry) => {
      const { ecr } = await openTarget(registry, env, signal)
      return ecr.authorize().finally(ecr.close)
    },
    clock: systemClock,
    talk: isTalking ? runInteractive : undefined,
  }
}

export function openAccount(region: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Account {
  const session: AwsSession = { region, agent: createAwsAgent(env), signal }
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
