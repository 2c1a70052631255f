import type { Cluster, Clusters } from '../../aws/cluster/clusters.ts'
import { ProblemError } from '../../model/problem.ts'
import { change, type Step } from '../checklist.ts'
import { type WaitLimits, type WaitState, waitFor } from '../wait.ts'
import { isLost } from './connection.ts'

const pool = 'general-purpose'

/** Enables or disables the general-purpose pool of EKS Auto Mode, and waits until that is done. */
export async function switchPool(
  clusters: Clusters,
  { name }: Pick<Cluster, 'name'>,
  wanted: 'on' | 'off',
  step: Step,
  patience: WaitLimits,
): Promise<void> {
  const options = {
    what: `the node pools of cluster "${name}"`,
    ...patience,
    tell: step.wait,
    next: 'the change continues in AWS; rerun the same command later',
  }
  // Read again: another update may be in progress, or may already have done it.
  const cluster = await waitFor(options, () => lookForActive(clusters, name))
  const { compute } = cluster
  if (!compute.enabled) {
    return step.unchanged('the cluster does not use EKS Auto Mode; its nodes are managed elsewhere')
  }
  const isOn = compute.nodePools.includes(pool)
  if (isOn === (wanted === 'on')) return step.unchanged(`pool "${pool}" is already ${wanted}`)
  const others = compute.nodePools.filter((one) => one !== pool)
  const nodePools = wanted === 'on' ? [...others, pool] : others
  if (wanted === 'on' && compute.nodeRole === undefined) {
    throw new ProblemError({
      kind: 'conflict',
      side: 'target',
      message: `cannot enable pool "${pool}": cluster "${name}" has no node role`,
      next: 'set computeConfig.nodeRoleArn and rerun, or enable the pool yourself',
    })
  }
  const update = await change(step, () => clusters.setNodePools(name, { ...compute, nodePools }))
  await waitFor(options, async () => {
    const { status, errors } = await clusters.readUpdate(name, update)
    if (status === 'Failed' || status === 'Cancelled') {
      throw new ProblemError({
        kind: 'unknown',
        side: 'target',
        message: `the node pool update of cluster "${name}" ended in ${status}: ${errors.join('; ')}`,
        next: 'fix the cause, then rerun the same command',
      })
    }
    if (status !== 'Successful') return { state: `update ${status}` }
    // The update may be complete shortly before the cluster reports it.
    return lookForActive(clusters, name)
  })
  step.done(`pool "${pool}" is now ${wanted}`)
}

/** Returns the state of a cluster that is being waited for. Throws `ProblemError` when it can no longer be changed. */
async function lookForActive(clusters: Clusters, name: string): Promise<WaitState<Cluster>> {
  const found = await clusters.read(name)
  if (found?.status === 'ACTIVE') return { done: found }
  if (found !== undefined && !isLost(found)) return { state: `cluster ${found.status}` }
  throw new ProblemError({
    kind: 'conflict',
    side: 'target',
    message: `cluster "${name}" is ${found?.status ?? 'deleted'}`,
    next: 'redeploy the stack: nothing can be installed on this cluster',
  })
}
