import type { ServedCluster } from '../../model/chart/served-cluster.ts'
import type { ValuesTree } from '../../model/values/values.ts'
import { createAgent } from '../http/agent.ts'
import { createHttp } from '../http/http.ts'
import { failure, type Problem, type Result, reworded, success } from '../../model/problem.ts'
import { redactSecrets } from '../../model/text/redact.ts'
import { beforeAny } from '../../model/text/trim.ts'
import { mapsAt, shapeOf, textAt } from './answer.ts'
import { readServed } from './served.ts'

/** The facts of a pod that matter for waiting. */
export interface Pod {
  readonly name: string
  readonly phase: string
  readonly isReady: boolean
  /** Reasons why containers do not run: `ImagePullBackOff: …`. */
  readonly troubles: readonly string[]
  readonly containers: readonly string[]
  /** Its Job, if any. */
  readonly job: string | undefined
  /** ISO 8601. */
  readonly createdAt: string
}

export interface KubernetesEvent {
  readonly at: string
  readonly about: string
  readonly type: string
  readonly reason: string
  readonly message: string
}

/** Read access to the API server of a cluster; helm makes all changes. */
export interface Kubernetes {
  readonly pods: (namespace: string) => Promise<Result<Pod[]>>
  readonly events: (namespace: string) => Promise<Result<KubernetesEvent[]>>
  /** Returns the version and the APIs by which templates decide when helm installs. */
  readonly served: () => Promise<Result<ServedCluster>>
  /** Returns the last lines of a container's log. */
  readonly log: (namespace: string, pod: string, container: string) => Promise<Result<string>>
}

export interface ClusterAddress {
  readonly endpoint: string
  /** PEM. */
  readonly authority: string
  readonly token: () => Promise<Result<string>>
}

const lines = 50

/** Opens the API of a cluster, through the proxy of the environment. */
export function openKubernetes(
  { endpoint, authority, token }: ClusterAddress,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Kubernetes {
  const http = createHttp({ env, agent: createAgent(env, [authority]) })
  const read = async (path: string, accept?: string): Promise<Result<string>> => {
    const issued = await token()
    if (!issued.ok) return issued
    const headers = { authorization: `Bearer ${issued.value}`, ...(accept && { accept }) }
    const answer = await http.call('GET', `${endpoint}${path}`, { headers, signal })
    if (!answer.ok) return failure(unreachable(endpoint, answer.problem))
    const text = answer.value.body.toString('utf8')
    const { status } = answer.value
    return status === 200 ? success(text) : failure(refusal(status, path, text))
  }
  const list = async (path: string): Promise<Result<readonly ValuesTree[]>> => {
    const text = await read(path)
    return text.ok ? success(itemsOf(text.value)) : text
  }
  return {
    async pods(namespace) {
      const items = await list(`/api/v1/namespaces/${namespace}/pods`)
      return items.ok ? success(items.value.map(podOf)) : items
    },
    async events(namespace) {
      const items = await list(`/api/v1/namespaces/${namespace}/events`)
      return items.ok ? success(items.value.map(eventOf)) : items
    },
    served: () => readServed(read),
    log: (namespace, pod, container) =>
      read(
        `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${container}&tailLines=${lines}`,
      ),
  }
}

function unreachable(endpoint: string, problem: Problem): Problem {
  if (problem.kind === 'interrupted') return problem
  return {
    ...reworded(
      problem,
      (sentence) => `cannot reach the cluster's API server "${endpoint}": ${sentence}`,
    ),
    next: 'run the command from a network that can reach the endpoint: inside its VPC if public access is off, or from an allowed address',
  }
}

function refusal(status: number, path: string, body: string): Problem {
  const words = redactSecrets(textAt(shapeOf(body), 'message') || body.slice(0, 200))
  const message = `the cluster answered ${status} to ${beforeAny(path, '?')}: ${words}`
  if (status === 401 || status === 403) {
    const entry =
      'use credentials with an access entry in the cluster: those that deployed it, or add yours with --eks-access-principal-arn'
    // EKS does not distinguish unknown callers from expired credentials.
    const next = status === 401 ? `${entry}; or renew them if they have expired` : entry
    return { kind: 'access-denied', side: 'target', message, next }
  }
  if (status === 404) return { kind: 'not-found', side: 'target', message }
  return {
    kind: status >= 500 ? 'server-error' : 'unknown',
    side: 'target',
    message,
    next: 'rerun the same command',
  }
}

function itemsOf(text: string): ValuesTree[] {
  return mapsAt(shapeOf(text), 'items')
}

function podOf(pod: ValuesTree): Pod {
  const statuses = [
    ...mapsAt(pod, 'status', 'initContainerStatuses'),
    ...mapsAt(pod, 'status', 'containerStatuses'),
  ]
  return {
    name: textAt(pod, 'metadata', 'name'),
    phase: textAt(pod, 'status', 'phase'),
    isReady: mapsAt(pod, 'status', 'conditions').some(
      (condition) => condition['type'] === 'Ready' && condition['status'] === 'True',
    ),
    troubles: statuses.flatMap((status) => {
      const reason = textAt(status, 'state', 'waiting', 'reason')
      // Every container starts in these two states.
      if (reason === '' || reason === 'ContainerCreating' || reason === 'PodInitializing') return []
      const message = textAt(status, 'state', 'waiting', 'message')
      return [message === '' ? reason : `${reason}: ${message}`]
    }),
    containers: [
      ...mapsAt(pod, 'spec', 'initContainers'),
      ...mapsAt(pod, 'spec', 'containers'),
    ].map((container) => textAt(container, 'name')),
    job: textAt(pod, 'metadata', 'labels', 'job-name') || undefined,
    createdAt: textAt(pod, 'metadata', 'creationTimestamp'),
  }
}

function eventOf(event: ValuesTree): KubernetesEvent {
  return {
    at: textAt(event, 'lastTimestamp') || textAt(event, 'eventTime'),
    about: `${textAt(event, 'involvedObject', 'kind')}/${textAt(event, 'involvedObject', 'name')}`,
    type: textAt(event, 'type'),
    reason: textAt(event, 'reason'),
    message: textAt(event, 'message'),
  }
}
