import type { Cluster, Clusters } from '../../aws/cluster/clusters.ts'
import { partitionIdOf } from '../../model/image/registry.ts'
import { ProblemError } from '../../model/problem.ts'
import { change, type Step } from '../checklist.ts'
import { isLost } from './cluster.ts'
import { type Patience, type WaitState, waitFor } from './wait.ts'

/** The policy that makes a principal an administrator of a cluster, in the partition of its region. */
function adminPolicy(region: string): string {
  const partition = partitionIdOf(region)
  return `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`
}

/** Refuses a principal that no cluster of the region knows. Throws `ProblemError`. */
export function checkPrincipal(principal: string, region: string): void {
  const partition = partitionIdOf(region)
  if (principal.startsWith(`arn:${partition}:`)) return
  throw new ProblemError({
    kind: 'usage',
    side: 'input',
    message: `--eks-access-principal-arn "${principal}" is of another partition than region "${region}"`,
    next: `its ARN begins with arn:${partition}:`,
  })
}

/** Makes a principal an administrator of the cluster, unless it is one. Throws `ProblemError`. */
export async function grantAccess(
  clusters: Clusters,
  cluster: string,
  principal: string,
  region: string,
  step: Step,
): Promise<void> {
  const policy = adminPolicy(region)
  checkPrincipal(principal, region)
  const hasEntry = await clusters.hasAccessEntry(cluster, principal)
  const policies = hasEntry ? await clusters.accessPolicies(cluster, principal) : []
  if (policies.includes(policy)) return step.unchanged(`${principal} is an administrator already`)
  if (!hasEntry) await change(step, () => clusters.createAccessEntry(cluster, principal))
  await change(step, () => clusters.grantAccessPolicy(cluster, principal, policy))
  step.done(`${principal} is an administrator now`)
}

const pool = 'general-purpose'

/** Switches the general-purpose pool of EKS Auto Mode on or off, and waits until that is done. */
export async function switchPool(
  clusters: Clusters,
  { name }: Pick<Cluster, 'name'>,
  wanted: 'on' | 'off',
  step: Step,
  patience: Patience,
): Promise<void> {
  const options = {
    what: `the node pools of cluster "${name}"`,
    ...patience,
    tell: step.wait,
    next: 'the change goes on by itself; run the same command again',
  }
  // Read anew: another update may be under way, or may have done it.
  const cluster = await waitFor(options, () => lookForActive(clusters, name))
  const { compute } = cluster
  if (!compute.enabled) {
    return step.unchanged('the cluster has no EKS Auto Mode; its nodes are managed elsewhere')
  }
  const isOn = compute.nodePools.includes(pool)
  if (isOn === (wanted === 'on')) return step.unchanged(`the pool "${pool}" is ${wanted} already`)
  const others = compute.nodePools.filter((one) => one !== pool)
  const nodePools = wanted === 'on' ? [...others, pool] : others
  if (wanted === 'on' && compute.nodeRole === undefined) {
    throw new ProblemError({
      kind: 'conflict',
      side: 'target',
      message: `cluster "${name}" has no role for the nodes of its pools, so that "${pool}" cannot be switched on`,
      next: 'give it one (computeConfig.nodeRoleArn) and run this again, or switch the pool on yourself',
    })
  }
  const update = await change(step, () => clusters.setNodePools(name, { ...compute, nodePools }))
  await waitFor(options, async () => {
    const { status, errors } = await clusters.readUpdate(name, update)
    if (status === 'Failed' || status === 'Cancelled') {
      throw new ProblemError({
        kind: 'unknown',
        side: 'target',
        message: `the update of the node pools of "${name}" ended in ${status}: ${errors.join('; ')}`,
        next: 'mend what it names, and run the same command again',
      })
    }
    if (status !== 'Successful') return { state: `update ${status}` }
    // The update may be done a little before the cluster says so.
    return lookForActive(clusters, name)
  })
  step.done(`the pool "${pool}" is ${wanted} now`)
}

/** Whether a cluster can be changed. Throws `ProblemError` when it never will be. */
async function lookForActive(clusters: Clusters, name: string): Promise<WaitState<Cluster>> {
  const found = await clusters.read(name)
  if (found?.status === 'ACTIVE') return { done: found }
  if (found !== undefined && !isLost(found)) return { state: `cluster ${found.status}` }
  throw new ProblemError({
    kind: 'conflict',
    side: 'target',
    message: `cluster "${name}" is ${found?.status ?? 'gone'}`,
    next: 'nothing can be installed on it; deploy the stack again',
  })
}
