import type { Credentials } from '../../../scripts/sandbox/aws/credentials.ts'
import type { Place } from '../../../scripts/sandbox/aws/partition.ts'
import type { Cluster } from '../eks/cluster.ts'
import { type Call, json, type Reply, type Service } from '../../../scripts/sandbox/net/call.ts'
import { discover } from './discovery.ts'
import { failureReply, KubeError } from './failure.ts'
import { createInspection, type KubernetesInspection, type TokenChecks } from './inspection.ts'
import { allKinds } from './objects/kinds.ts'
import { createKubelet } from './workloads/kubelet.ts'
import { describeApi } from './openapi.ts'
import { objectRequestOf, operationOf } from './request.ts'
import { createResources } from './objects/resources.ts'
import { createStore, type Store } from './objects/store.ts'
import { refuseToken } from './token.ts'

export interface KubernetesOptions {
  readonly cluster: Cluster
  readonly place: Place
  readonly credentials: Credentials
  readonly now: () => number
}

export interface Kubernetes {
  readonly service: Service
  readonly inspection: KubernetesInspection
}

/** The Kubernetes API of a cluster, limited to the requests of helm and kubectl. */
export function createKubernetes({
  cluster,
  place,
  credentials,
  now,
}: KubernetesOptions): Kubernetes {
  const store = createStore(now)
  const kubelet = createKubelet(store, now)
  const resources = createResources(store, kubelet)
  const checks: TokenChecks = { accepted: 0, refused: [] }
  addNamespaces(store)

  const authenticate = ({ headers }: Call) => {
    const { name } = cluster.settings
    const refusal = refuseToken(headers.authorization, { place, cluster: name, credentials, now })
    if (refusal === undefined) checks.accepted += 1
    else {
      checks.refused.push(refusal)
      throw new KubeError('Unauthorized', 'Unauthorized')
    }
  }
  const answer = async (call: Call): Promise<Reply> => {
    authenticate(call)
    const withAutoMode = cluster.settings.computeConfig?.enabled ?? false
    const kinds = allKinds(
      withAutoMode,
      store.list('customresourcedefinitions.apiextensions.k8s.io'),
    )
    const request = objectRequestOf(call)
    const kind = kinds.find(
      ({ group, version, plural }) =>
        group === request?.group && version === request.version && plural === request.plural,
    )
    if (request && kind) return resources(request, kind, call)
    if (call.path === '/version') return json(200, versionOf(cluster))
    const discovered = discover(call.path, call.headers.accept ?? '', kinds)
    if (discovered) return json(200, discovered.body, { 'content-type': discovered.type })
    const described = describeApi(call.path, kinds)
    if (described) return json(200, described)
    throw new KubeError('NotFound', 'the server could not find the requested resource')
  }
  return {
    inspection: createInspection(store, kubelet, checks),
    service: {
      operation: operationOf,
      throttled: () => failureReply(new KubeError('TooManyRequests', 'too many requests')),
      answer: (call) =>
        answer(call).catch((error: unknown) => {
          if (error instanceof KubeError) return failureReply(error)
          throw error
        }),
    },
  }
}

function addNamespaces(store: Store): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    const status = { phase: 'Active' }
    store.put('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status })
  }
}

function versionOf({ settings }: Cluster): object {
  const [major = '1', minor = ''] = settings.version.split('.')
  const gitVersion = `v${settings.version}.0-eks-sandbox`
  return { major, minor, gitVersion, platform: 'linux/amd64', goVersion: 'go1.24.0' }
}
