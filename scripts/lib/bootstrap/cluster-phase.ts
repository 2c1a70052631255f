import { join } from 'node:path'
import type { Cluster } from '../aws/clusters.ts'
import { ProblemError, unwrap } from '../model/problem.ts'
import { type Kubernetes, openKubernetes } from '../tools/kubernetes.ts'
import { grantAccess, switchPool } from './access-step.ts'
import { type ClusterDoor, openDoor, readCluster, writeUserKubeconfig } from './cluster-step.ts'
import type { Ground } from './infrastructure.ts'
import type { Job } from './job.ts'
import {
  areIsolated,
  endpointTable,
  isolationProblem,
  readEndpoints,
  readSubnets,
  subnetTable,
} from './network-step.ts'

/** A cluster that can be installed on. */
export interface OpenCluster {
  readonly cluster: Cluster
  readonly door: ClusterDoor
  readonly kubernetes: Kubernetes
}

/** Opens the cluster, and sees to access, nodes and endpoints. */
export async function openCluster(
  job: Job,
  ground: Ground,
  onDoor: (door: ClusterDoor) => void,
): Promise<OpenCluster> {
  const { checklist, wishes, workshop, context, deadline } = job
  const { flags, build, mirror } = wishes
  const { account, deployment } = ground
  const { region, clusters, network } = account
  const waiting = { deadline, signal: context.signal }
  const opened = await checklist.run('cluster', async (step) => {
    const cluster = await readCluster(clusters, deployment.cluster, region, step, waiting)
    const folder = join(workshop.folder, 'cluster')
    const door = await openDoor(cluster, region, account.tokens, folder, flags.namespace, step.note)
    onDoor(door)
    if (flags.writeKubeconfig !== undefined) {
      const place = { file: flags.writeKubeconfig, env: context.env }
      const { file, context: name } = await writeUserKubeconfig(
        cluster,
        region,
        flags.namespace,
        place,
      )
      step.note(`context "${name}" written to ${file}`)
    }
    step.done(`${cluster.name}, Kubernetes ${cluster.version}`)
    return { cluster, door }
  })
  const principal = flags.eksAccessPrincipalArn
  if (principal !== undefined) {
    await checklist.run('access', (step) =>
      grantAccess(clusters, deployment.cluster, principal, region, step),
    )
  }
  if (checklist.plans('node-pool')) {
    await checklist.run('node-pool', (step) =>
      switchPool(clusters, opened.cluster, 'on', step, waiting),
    )
  }
  if (checklist.plans('endpoints')) {
    await checklist.run('endpoints', async (step) => {
      const { vpc, subnets: ids } = opened.cluster
      const subnets = await readSubnets(network, vpc, ids)
      step.show(subnetTable(subnets))
      if (!areIsolated(subnets)) return step.unchanged('all subnets reach the internet')
      const isolation = isolationProblem(subnets, { mirror, buildsImages: build.images })
      const report = await readEndpoints(network, vpc, subnets, region)
      step.show(endpointTable(report.checked))
      const problems = [isolation, report.problem].filter((problem) => problem !== undefined)
      if (problems.length > 0) throw new ProblemError(problems)
      if (report.advised.length > 0)
        step.note(`advised, and not there: ${report.advised.join(', ')}`)
      return step.done('what isolated subnets need is there')
    })
  }
  const { cluster, door } = opened
  const address = { endpoint: cluster.endpoint, authority: cluster.authority, token: door.token }
  const kubernetes = openKubernetes(address, context.env, context.signal)
  // Asked before anything is copied: a cluster that cannot be reached is found out about in an hour otherwise.
  unwrap(await kubernetes.version())
  return { ...opened, kubernetes }
}
