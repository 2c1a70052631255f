import { join } from 'node:path'
import type { Cluster } from '../aws/cluster/clusters.ts'
import { ProblemError, sentenceOf } from '../model/problem.ts'
import type { Kubernetes } from '../tools/kubernetes/client.ts'
import { grantAccess, switchPool } from './steps/access.ts'
import type { Step } from './checklist.ts'
import {
  type ClusterConnection,
  openDoor,
  placeOf,
  readCluster,
  writeUserKubeconfig,
} from './steps/cluster.ts'
import type { Foundation } from './infrastructure.ts'
import { hasPrivateImages, type Job, patienceOf } from './job.ts'
import {
  areIsolated,
  endpointTable,
  isolationProblem,
  readEndpoints,
  readSubnets,
  subnetTable,
} from './steps/network.ts'
import { refuseBlocked } from './steps/release.ts'
import { isPassing, type WaitOptions, waitFor } from './steps/wait.ts'

/** A cluster that can be installed on. */
export interface OpenCluster {
  readonly cluster: Cluster
  readonly door: ClusterConnection
  readonly kubernetes: Kubernetes
}

/**
 * Opens the cluster, and sees to access, nodes and endpoints.
 *
 * @param onDoor gets the way into it as soon as there is one, to close it whatever happens
 */
export async function openCluster(
  job: Job,
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
      switchPool(clusters, opened.cluster, 'on', step, patienceOf(job)),
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
  job: Job,
  { account, deployment }: Foundation,
  step: Step,
  onDoor: (door: ClusterConnection) => void,
): Promise<OpenCluster> {
  const { request, session, context, doors } = job
  const { namespace, writeKubeconfig } = request.flags
  const { region, clusters, tokens } = account
  const { env } = context
  const cluster = await readCluster(clusters, deployment.cluster, region, step, patienceOf(job))
  const folder = join(session.folder, 'cluster')
  const door = await openDoor(cluster, region, tokens, folder, namespace, step.note)
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

/** A closed door, and a release that stands in the way, are told of now and not when everything is copied. */
async function checkEntry(
  { request, session, context, doors }: Job,
  { kubernetes, door }: OpenCluster,
  patience: number,
  step: Step,
): Promise<void> {
  const { namespace, upgrade = false } = request.flags
  const waiting = { signal: context.signal, clock: doors.clock }
  await reach(kubernetes, namespace, patience, step, waiting)
  await refuseBlocked(placeOf(door, namespace), upgrade, session)
}

/** One lost connection is no unreachable cluster. */
const blipMilliseconds = 5_000
/** A new access entry holds after some seconds. */
const accessMilliseconds = 60_000

/**
 * Asks the API server for the pods of the namespace, before anything is copied: a cluster that cannot be reached, or
 * does not let this caller in, would be found out about in an hour otherwise. A refusal is asked about again for as long
 * as is given.
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
    next: 'run it again',
  }
  await waitFor(options, async () => {
    const pods = await kubernetes.pods(namespace)
    if (pods.ok) return { done: undefined }
    const now = clock.ticks()
    const isRefused = pods.problem.kind === 'access-denied'
    if (isRefused && now < until) return { state: 'access is not granted yet' }
    if (isPassing(pods.problem) && now < began + blipMilliseconds) {
      return { state: sentenceOf(pods.problem) }
    }
    throw new ProblemError(pods.problem)
  })
}

async function checkEndpoints(
  job: Job,
  { account }: Foundation,
  { vpc, subnets: ids }: Cluster,
  step: Step,
): Promise<void> {
  const { network, region } = account
  const subnets = await readSubnets(network, vpc, ids)
  step.show(subnetTable(subnets))
  if (!areIsolated(subnets)) return step.unchanged('all subnets reach the internet')
  const isolation = isolationProblem(subnets, { arePrivate: hasPrivateImages(job) })
  const report = await readEndpoints(network, vpc, subnets, region)
  step.show(endpointTable(report.checked))
  const problems = [isolation, report.problem].filter((problem) => problem !== undefined)
  if (problems.length > 0) throw new ProblemError(problems)
  if (report.advised.length > 0) step.note(`advised, and not there: ${report.advised.join(', ')}`)
  return step.done('what isolated subnets need is there')
}
