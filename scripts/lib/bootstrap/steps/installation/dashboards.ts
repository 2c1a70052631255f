import { isDeepStrictEqual } from 'node:util'
import type { Dashboards } from '../../../aws/dashboards.ts'
import { ProblemError, unwrap } from '../../../model/problem.ts'
import { readJson } from '../../../model/tree/json.ts'
import { change, type Step } from '../../checklist.ts'
import {
  type DashboardFacts,
  dashboardName,
  dashboards,
  fillDashboard,
} from '../../application/dashboard-text.ts'
import { having } from '../../findings.ts'
import type { StepDefinition } from '../definition.ts'

/** Writes the dashboards. */
export const dashboardsStep: StepDefinition = {
  id: 'dashboards',
  title: 'Dashboards',
  changes: () => true,

  plan: () =>
    `write the CloudWatch dashboards ${dashboards.map(({ name }) => name).join(' and ')}, and read them back`,

  async run(_, findings, step) {
    const { foundation } = having(findings, 'foundation')
    const { account, identity, artifacts, deployment, stage } = foundation
    const { region } = account
    const facts = { region, account: identity.account, stage, qualifier: deployment.qualifier }
    await putDashboards(account.dashboards, artifacts.dashboards, facts, step)
    return {}
  },
}

/** Writes the dashboards that differ from the request, and reads them back. Throws `ProblemError`. */
async function putDashboards(
  client: Dashboards,
  texts: ReadonlyMap<string, string>,
  facts: DashboardFacts,
  step: Step,
): Promise<void> {
  const bodies = dashboards.map(({ name, file }) => ({
    name: dashboardName(name, facts),
    body: unwrap(fillDashboard(file, texts.get(file) ?? '', facts)),
  }))
  const put: string[] = []
  for (const { name, body } of bodies) {
    if (isSame(await client.read(name), body)) continue
    const messages = await change(step, () => client.put(name, body))
    for (const message of messages) step.note(`${name}: ${message}`)
    if (!isSame(await client.read(name), body)) {
      throw new ProblemError({
        kind: 'differs',
        side: 'target',
        message: `dashboard "${name}" differs from what was written`,
        next: 'rerun the same command; another process may have changed the dashboard',
      })
    }
    put.push(name)
  }
  const names = bodies.map(({ name }) => name).join(' and ')
  if (put.length === 0) step.unchanged(`${names} are up to date`)
  else step.done(`wrote ${put.join(' and ')}`)
}

/** Compares dashboard bodies: CloudWatch may format a body differently. */
function isSame(found: string | undefined, body: string): boolean {
  if (found === undefined) return false
  // The existing body may not be one of our dashboards.
  return isDeepStrictEqual(readJson(found), readJson(body))
}
