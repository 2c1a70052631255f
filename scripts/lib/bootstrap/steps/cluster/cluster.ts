import { join } from 'node:path'
import type { Step } from '../../checklist.ts'
import { connectToCluster, readCluster, writeUserKubeconfig } from '../../cluster/connection.ts'
import { checkEntry } from '../../cluster/entry.ts'
import { type Foundation, having, type OpenCluster } from '../../findings.ts'
import { type StepJob, waitLimits } from '../../job.ts'
import type { StepDefinition } from '../definition.ts'

/** Opens the cluster for this run. */
export const clusterStep: StepDefinition = {
  id: 'cluster',
  title: 'Cluster',
  changes: ({ flags }) => flags.writeKubeconfig !== undefined,

  plan: ({ flags }) =>
    `create a kubeconfig for this run only, with an automatically renewed token${
      flags.writeKubeconfig === undefined ? '' : ', and also add the cluster to your own kubeconfig'
    }`,

  async run(job, findings, step) {
    const { foundation } = having(findings, 'foundation')
    const opened = await enter(job, foundation, step)
    // Otherwise access is checked after it was granted.
    if (job.request.flags.eksAccessPrincipalArn === undefined) {
      await checkEntry(job, opened, 0, step)
    }
    step.done(`${opened.cluster.name}, Kubernetes ${opened.cluster.version}`)
    return { opened }
  },
}

async function enter(
  job: StepJob,
  { account, deployment }: Foundation,
  step: Step,
): Promise<OpenCluster> {
  const { request, session, context, doors, atEnd } = job
  const { namespace, writeKubeconfig } = request.flags
  const { region, clusters, tokens } = account
  const { env } = context
  const found = await readCluster(clusters, deployment.cluster, region, step, waitLimits(job))
  const folder = join(session.folder, 'cluster')
  const door = await connectToCluster(found, region, tokens, folder, namespace, step.note)
  atEnd(door.close)
  if (writeKubeconfig !== undefined) {
    const place = { file: writeKubeconfig, env }
    const written = await writeUserKubeconfig(found, region, namespace, place)
    step.changing()
    step.note(`context "${written.context}" written to ${written.file}`)
  }
  const address = { endpoint: found.endpoint, authority: found.authority, token: door.token }
  return { cluster: found, door, kubernetes: doors.openKubernetes(address) }
}
