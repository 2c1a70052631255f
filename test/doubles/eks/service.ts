import type { Credentials } from '../../../scripts/sandbox/aws/credentials.ts'
import { ApiError } from '../../../scripts/sandbox/aws/json-api.ts'
import { type Refusal, refuse } from '../../../scripts/sandbox/aws/refusal.ts'
import { type Call, json, type Reply, type Service } from '../../../scripts/sandbox/net/call.ts'
import { associatePolicy, createEntry, findEntry, listPolicies } from './access.ts'
import { type Cluster, describeCluster, type EksState } from './cluster.ts'
import { findUpdate, pollUpdates, startUpdate } from './update.ts'

interface Request {
  readonly cluster: Cluster
  /** The part of the path after the cluster's name, where the pattern has a group: an update or a principal. */
  readonly part: string
  readonly body: unknown
}

interface Route {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  readonly run: (state: EksState, request: Request) => object
}

const entryPath = '/access-entries/(?<part>[^/]+)'

const routes: readonly Route[] = [
  route('DescribeCluster', 'GET', '', (state, { cluster }) => {
    pollUpdates(cluster)
    return { cluster: describeCluster(state, cluster) }
  }),
  route('UpdateClusterConfig', 'POST', '/update-config', (state, { cluster, body }) =>
    startUpdate(state, cluster, body),
  ),
  route('DescribeUpdate', 'GET', '/updates/(?<part>[^/]+)', (_, { cluster, part }) => {
    pollUpdates(cluster)
    return findUpdate(cluster, part)
  }),
  route('CreateAccessEntry', 'POST', '/access-entries', (state, { cluster, body }) =>
    createEntry(state, cluster, body),
  ),
  route('DescribeAccessEntry', 'GET', entryPath, (state, { cluster, part }) =>
    findEntry(state, cluster, part),
  ),
  route(
    'AssociateAccessPolicy',
    'POST',
    `${entryPath}/access-policies`,
    (state, { cluster, part, body }) => associatePolicy(state, cluster, part, body),
  ),
  route(
    'ListAssociatedAccessPolicies',
    'GET',
    `${entryPath}/access-policies`,
    (_, { cluster, part }) => listPolicies(cluster, part),
  ),
]

function route(name: string, method: Route['method'], rest: string, run: Route['run']): Route {
  return { name, method, path: new RegExp(`^/clusters/(?<cluster>[^/]+)${rest}$`), run }
}

/** The API of EKS, limited to one cluster and its access entries. */
export function createEks(state: EksState, credentials: Credentials): Service {
  const { principal } = state.place
  const turnAway = (call: Call, refusal: Refusal) => {
    const action = `eks:${routeOf(call)?.name ?? 'unknown'}`
    return refuse('rest', refusal, { principal, action })
  }
  return {
    operation: (call) => ({
      name: routeOf(call)?.name ?? 'unknown',
      write: !['GET', 'HEAD'].includes(call.method),
    }),
    throttled: (call) => turnAway(call, 'throttled'),
    async answer(call) {
      const found = routeOf(call)
      const standing = credentials.stateFor(found?.name ?? 'unknown')
      if (!call.headers.authorization) {
        return failure(
          new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
        )
      }
      if (standing !== 'ok') return turnAway(call, standing)
      try {
        if (!found) throw new ApiError('UnknownOperationException', `"${call.path}" is not served`)
        const groups = found.path.exec(call.path)?.groups ?? {}
        const text = (await call.read()).toString()
        const body: unknown = text === '' ? {} : JSON.parse(text)
        const cluster = requireCluster(state, decodeURIComponent(groups['cluster'] ?? ''))
        const part = decodeURIComponent(groups['part'] ?? '')
        return json(200, found.run(state, { cluster, part, body }))
      } catch (error) {
        if (error instanceof ApiError) return failure(error)
        throw error
      }
    },
  }
}

function routeOf({ method, path }: Call): Route | undefined {
  return routes.find((one) => one.method === method && one.path.test(path))
}

function requireCluster({ clusters }: EksState, name: string): Cluster {
  const cluster = clusters.get(name)
  if (cluster) return cluster
  throw new ApiError('ResourceNotFoundException', `No cluster found for name: ${name}.`)
}

const statuses: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  ResourceInUseException: 409,
  MissingAuthenticationTokenException: 403,
}

function failure({ name, message }: ApiError): Reply {
  return json(statuses[name] ?? 400, { message }, { 'x-amzn-errortype': name })
}
