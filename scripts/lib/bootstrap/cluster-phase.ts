import { join } from 'node:path'
import type { Cluster } from '../aws/cluster/clusters.ts'
import { ProblemError, sentenceOf } from '../model/problem.ts'
import type { Kubernetes } from '../tools/kubernetes/client.ts'
import { grantAccess, switchPool } from './steps/access.ts'
import type { Step } from './checklist.ts'
import {
  type ClusterConnection,
  connectToCluster,
  kubeconfigPlace,
  readCluster,
  writeUserKubeconfig,
} from './steps/cluster.ts'
import type { Foundation } from './infrastructure.ts'
import { hasPrivateImages, type BootstrapJob, waitLimits } from './job.ts'
import {
  areIsolated,
  endpointTable,
  isolationProblem,
  readEndpoints,
  readSubnets,
  subnetTable,
} from './steps/network.ts'
import { refuseBlocked } from './steps/release.ts'
import { isTransient, type WaitOptions, waitFor } from './steps/wait.ts'

/** A cluster that is ready for the installation. */
export interface OpenCluster {
  readonly cluster: Cluster
  readonly door: ClusterConnection
  readonly kubernetes: Kubernetes
}

/**
 * Opens the cluster, and prepares access, nodes and endpoints.
 *
 * @param onDoor gets the connection as soon as it exists, to close it in any case
 */
export async function openCluster(
  job: BootstrapJob,
  foundation: Foundation,
  onDoor: (door: ClusterConnection) => void,
): Promise<OpenCluster> {
  const { checklist, request } = job
  const { clusters, region } = foundation.account
  const principal = request.flags.eksAccessPrincipalArn
  const opened = await checklist.run('cluster', async (step) => {
    const found = await enter(job, foundation, step, onDoor)
    if (principal === undefined) await checkEntry(job, found, 0, step)
    step.done(`${found.cluster.name}, Kubernetes ${found.cluster.version}`)
    return found
  })
  if (principal !== undefined) {
    await checklist.run('access', async (step) => {
      await grantAccess(clusters, opened.cluster.name, principal, region, step)
      await checkEntry(job, opened, accessMilliseconds, step)
    })
  }
  if (checklist.plans('node-pool')) {
    await checklist.run('node-pool', (step) =>
      switchPool(clusters, opened.cluster, 'on', step, waitLimits(job)),
    )
  }
  if (checklist.plans('endpoints')) {
    await checklist.run('endpoints', (step) =>
      checkEndpoints(job, foundation, opened.cluster, step),
    )
  }
  return opened
}

async function enter(
  job: BootstrapJob,
  { account, deployment }: Foundation,
  step: Step,
  onDoor: (door: ClusterConnection) => void,
): Promise<OpenCluster> {
  const { request, session, context, doors } = job
  const { namespace, writeKubeconfig } = request.flags
  const { region, clusters, tokens } = account
  const { env } = context
  const cluster = await readCluster(clusters, deployment.cluster, region, step, waitLimits(job))
  const folder = join(session.folder, 'cluster')
  const door = await connectToCluster(cluster, region, tokens, folder, namespace, step.note)
  onDoor(door)
  if (writeKubeconfig !== undefined) {
    const place = { file: writeKubeconfig, env }
    const written = await writeUserKubeconfig(cluster, region, namespace, place)
    step.changing()
    step.note(`context "${written.context}" written to ${written.file}`)
  }
  const address = { endpoint: cluster.endpoint, authority: cluster.authority, token: door.token }
  return { cluster, door, kubernetes: doors.openKubernetes(address) }
}

/** Reports missing access and a conflicting release now, not after everything is copied. */
async function checkEntry(
  { request, session, context, doors }: BootstrapJob,
  { kubernetes, door }: OpenCluster,
  patience: number,
  step: Step,
): Promise<void> {
  const { namespace, upgrade = false } = request.flags
  const waiting = { signal: context.signal, clock: doors.clock }
  await reach(kubernetes, namespace, patience, step, waiting)
  await refuseBlocked(kubeconfigPlace(door, namespace), upgrade, session)
}

/** Attempts to reach the cluster: one lost connection does not make it unreachable. */
const blipMilliseconds = 5_000
/** A new access entry takes effect after some seconds. */
const accessMilliseconds = 60_000

/**
 * Asks the API server for the pods of the namespace before anything is copied: otherwise an unreachable cluster or
 * missing access would only show an hour later. Retries a refusal for the given time.
 */
async function reach(
  kubernetes: Kubernetes,
  namespace: string,
  patience: number,
  step: Step,
  { signal, clock }: Required<Pick<WaitOptions, 'signal' | 'clock'>>,
): Promise<void> {
  const began = clock.ticks()
  const until = began + patience
  const options = {
    what: 'access to the cluster',
    deadline: patience + 60_000,
    signal,
    clock,
    tell: step.wait,
    next: 'rerun the same command',
  }
  await waitFor(options, async () => {
    const pods = await kubernetes.pods(namespace)
    if (pods.ok) return { done: undefined }
    const now = clock.ticks()
    const isRefused = pods.problem.kind === 'access-denied'
    if (isRefused && now < until) return { state: 'access has not been granted yet' }
    if (isTransient(pods.problem) && now < began + blipMilliseconds) {
      return { state: sentenceOf(pods.problem) }
    }
    throw new ProblemError(pods.problem)
  })
}

async function checkEndpoints(
  job: BootstrapJob,
  { account }: Foundation,
  { vpc, subnets: ids }: Cluster,
  step: Step,
): Promise<void> {
  const { network, region } = account
  const subnets = await readSubnets(network, vpc, ids)
  step.show(subnetTable(subnets))
  if (!areIsolated(subnets)) return step.unchanged('all subnets can reach the internet')
  const isolation = isolationProblem(subnets, { arePrivate: hasPrivateImages(job) })
  const report = await readEndpoints(network, vpc, subnets, region)
  step.show(endpointTable(report.checked))
  const problems = [isolation, report.problem].filter((problem) => problem !== undefined)
  if (problems.length > 0) throw new ProblemError(problems)
  if (report.advised.length > 0)
    step.note(`recommended endpoints that are missing: ${report.advised.join(', ')}`)
  return step.done('all endpoints that isolated subnets need are present')
}
