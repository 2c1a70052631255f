import { createCredentials } from '../../../../scripts/sandbox/aws/credentials.ts'
import { placeOf } from '../../../../scripts/sandbox/aws/partition.ts'
import type { ClusterOptions, EksState } from '../../../doubles/eks/cluster.ts'
import { setCluster } from '../../../doubles/eks/cluster.ts'
import { createFleet } from '../../../doubles/kubernetes/fleet.ts'
import { bodyOf, createCall, type Reply } from '../../../../scripts/sandbox/net/call.ts'
import { eksToken } from './eks-token.ts'

const cluster = 'airlift'
const time = Date.parse('2025-06-01T12:00:00Z')

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly reply: Reply
}

/** A cluster whose Kubernetes API is asked without a network. */
export function startKube(options: Partial<ClusterOptions> = {}) {
  const place = placeOf('123456789012', 'us-east-2')
  const clusters: EksState['clusters'] = new Map()
  const state = { place, certificateAuthority: '', now: () => time, clusters }
  setCluster(state, { name: cluster, ...options })
  const credentials = createCredentials()
  const fleet = createFleet(state, credentials)
  const host = clusters.get(cluster)?.endpointHost ?? ''
  const service = fleet.serviceOf(host)
  if (!service) throw new Error(`nobody answers for ${host}`)

  const send = async (
    method: string,
    target: string,
    body?: object | Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const token = eksToken({ cluster, time })
    const content = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {})
    const call = createCall({
      host,
      method,
      target,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body && { body: bodyOf(content) }),
    })
    const reply = await service.answer(call)
    const text = String(reply.body ?? '')
    const isJson = reply.headers?.['content-type']?.startsWith('application/json') ?? false
    return {
      status: reply.status,
      body: isJson && text !== '' ? JSON.parse(text) : { text },
      reply,
    }
  }
  return {
    time,
    service,
    credentials,
    kubernetes: fleet.inspect(cluster),
    send,
    get: (target: string, headers = {}) => send('GET', target, undefined, headers),
    post: (target: string, body: object) => send('POST', target, body),
    /** Applies on the server, as helm and kubectl do. */
    apply: (target: string, body: object) =>
      send('PATCH', `${target}?fieldManager=test`, body, {
        'content-type': 'application/apply-patch+yaml',
      }),
    patch: (target: string, type: string, body: object) =>
      send('PATCH', target, body, { 'content-type': `application/${type}+json` }),
  }
}

export const inDefault = '/api/v1/namespaces/default'

export function configMap(name: string, data: object = {}, labels: object = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data }
}

/** A workload with one container. */
export function workload(kind: string, name: string, image: string, spec: object = {}) {
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...spec,
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image }] },
      },
    },
  }
}
