import { outsideProblem } from '../charts/render/outside-schema.ts'
import type { OpenCluster } from './cluster-phase.ts'
import { consoleHint, openConsole, waitForConsole } from './steps/console.ts'
import { putDashboards } from './steps/dashboards.ts'
import type { Installable } from './images-phase.ts'
import type { Foundation } from './infrastructure.ts'
import { type BootstrapJob, waitLimits } from './job.ts'
import { switchPool } from './steps/access.ts'
import { kubeconfigPlace } from './steps/cluster.ts'
import { installRelease } from './steps/release.ts'

/** Installs the prepared release, the dashboards and the console. */
export async function install(
  job: BootstrapJob,
  foundation: Foundation,
  { cluster, door, kubernetes }: OpenCluster,
  { chart, values, file }: Installable,
): Promise<void> {
  const { checklist, request, session, context, doors } = job
  const { flags } = request
  const { namespace } = flags
  const { account, identity, deployment, artifacts, stage } = foundation
  const waiting = waitLimits(job)
  const { name, version } = chart.chart.metadata
  await checklist.run('release', (step) =>
    installRelease(
      {
        release: namespace,
        namespace,
        chart: `${name}-${version}`,
        chartDigest: chart.hash,
        values,
      },
      {
        place: kubeconfigPlace(door, namespace),
        upgrade: flags.upgrade ?? false,
        chart: chart.path,
        values: file,
        timeoutSeconds: flags.helmTimeout,
        schemaProblem: outsideProblem(chart.chart),
        kubernetes,
      },
      session,
      step,
    ),
  )
  await checklist.run('dashboards', (step) =>
    putDashboards(
      account.dashboards,
      artifacts.dashboards,
      { region: account.region, account: identity.account, stage, qualifier: deployment.qualifier },
      step,
    ),
  )
  if (checklist.plans('node-pool-off')) {
    await checklist.run('node-pool-off', (step) =>
      switchPool(account.clusters, cluster, 'off', step, waiting),
    )
  }
  await checklist.run('console', async (step) => {
    await waitForConsole(kubernetes, namespace, step, waiting)
    const { talk } = doors
    if (flags.skipConsoleExec || talk === undefined) {
      return step.unchanged(`ready; open a shell with ${consoleHint(namespace)}`)
    }
    const terminal = { talk, env: context.env, surroundings: session.surroundings.kubectl }
    return openConsole(door, namespace, terminal, step)
  })
}
