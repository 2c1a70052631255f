import type { Credentials } from '../../../scripts/sandbox/aws/credentials.ts'
import type { Cluster, EksState } from '../eks/cluster.ts'
import type { Service } from '../../../scripts/sandbox/net/call.ts'
import type { KubernetesInspection } from './inspection.ts'
import { createKubernetes, type Kubernetes } from './service.ts'

/** The Kubernetes APIs of all clusters, each created on first use. */
export interface Fleet {
  serviceOf(host: string): Service | undefined
  /** Throws an `Error` for a cluster that does not exist. */
  inspect(cluster: string): KubernetesInspection
}

export function createFleet({ clusters, place, now }: EksState, credentials: Credentials): Fleet {
  const made = new Map<Cluster, Kubernetes>()
  const of = (cluster: Cluster): Kubernetes => {
    const known = made.get(cluster) ?? createKubernetes({ cluster, place, credentials, now })
    made.set(cluster, known)
    return known
  }
  return {
    serviceOf(host) {
      const cluster = [...clusters.values()].find(({ endpointHost }) => endpointHost === host)
      return cluster && of(cluster).service
    },
    inspect(name) {
      const cluster = clusters.get(name)
      if (!cluster) throw new Error(`the sandbox has no cluster "${name}"`)
      return of(cluster).inspection
    },
  }
}
