import type { Sandbox, SandboxOptions } from '../../scripts/sandbox/options.ts'
import type { Guest, GuestRoom } from '../../scripts/sandbox/guest.ts'
import { startSandbox } from '../../scripts/sandbox/sandbox.ts'
import { type ClusterOptions, type EksState, setCluster } from './eks/cluster.ts'
import { createEksInspection, type EksInspection } from './eks/inspection.ts'
import { createEks } from './eks/service.ts'
import { openForward } from './forward.ts'
import { createFleet, type Fleet } from './kubernetes/fleet.ts'
import type { KubernetesInspection } from './kubernetes/inspection.ts'

/** The options of the test sandbox in addition to those of `npm run sandbox`. */
export interface DoublesOptions extends SandboxOptions {
  /** EKS clusters of the account in the region. */
  readonly clusters?: readonly ClusterOptions[]
  /**
   * Hosts that local servers, such as moto, serve: `http://127.0.0.1:<port>` for each. If a path follows the host,
   * only requests below it are forwarded.
   */
  readonly forward?: Readonly<Record<string, string>>
}

export interface SandboxWithDoubles extends Sandbox, EksInspection {
  /** Returns the inspection of a cluster's Kubernetes API. */
  kubernetes(cluster: string): KubernetesInspection
}

/** Starts a sandbox with EKS clusters, their Kubernetes APIs, and AWS services that local servers simulate. */
export async function startDoubles({
  clusters = [],
  forward = {},
  ...options
}: DoublesOptions): Promise<SandboxWithDoubles> {
  const opened: { state: EksState; fleet: Fleet }[] = []
  const eks = (room: GuestRoom): Guest => {
    const state: EksState = { ...room, clusters: new Map() }
    for (const cluster of clusters) setCluster(state, cluster)
    const fleet = createFleet(state, room.credentials)
    opened.push({ state, fleet })
    const service = createEks(state, room.credentials)
    return (host, own) => {
      if (host === room.place.eksHost) return [service]
      const kubernetes = fleet.serviceOf(host)
      return own ?? (kubernetes && [kubernetes])
    }
  }
  const guests = [eks, openForward(forward), ...(options.guests ?? [])]
  const sandbox = await startSandbox({ ...options, guests })
  const [guest] = opened
  if (guest === undefined) throw new Error('the sandbox has not opened its guests')
  return {
    ...sandbox,
    ...createEksInspection(guest.state),
    kubernetes: (cluster) => guest.fleet.inspect(cluster),
  }
}
