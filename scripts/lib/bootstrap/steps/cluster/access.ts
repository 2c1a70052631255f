import type { Clusters } from '../../../aws/cluster/clusters.ts'
import { partitionIdOf } from '../../../model/image/registry.ts'
import { change, type Step } from '../../checklist.ts'
import { accessMilliseconds, checkEntry } from '../../cluster/entry.ts'
import { checkPrincipal } from '../../cluster/principal.ts'
import { having } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Makes a principal an administrator of the cluster. */
export const accessStep: StepDefinition = {
  id: 'access',
  title: 'Cluster access',
  changes: () => true,

  plan: ({ flags }) =>
    flags.eksAccessPrincipalArn === undefined
      ? undefined
      : `make ${flags.eksAccessPrincipalArn} an administrator of the cluster`,

  async run(job, findings, step) {
    const principal = job.request.flags.eksAccessPrincipalArn
    if (principal === undefined) throw new Error('there is no principal to give access to')
    const { foundation, opened } = having(findings, 'foundation', 'opened')
    const { clusters, region } = foundation.account
    await grantAccess(clusters, opened.cluster.name, principal, region, step)
    await checkEntry(job, opened, accessMilliseconds, step)
    return {}
  },
}

/** Returns the policy that makes a principal a cluster administrator, in the partition of its region. */
function adminPolicy(region: string): string {
  const partition = partitionIdOf(region)
  return `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`
}

/** Makes a principal a cluster administrator, unless it already is one. Throws `ProblemError`. */
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
  if (policies.includes(policy)) return step.unchanged(`${principal} is already an administrator`)
  if (!hasEntry) await change(step, () => clusters.createAccessEntry(cluster, principal))
  await change(step, () => clusters.grantAccessPolicy(cluster, principal, policy))
  step.done(`${principal} is now an administrator`)
}
