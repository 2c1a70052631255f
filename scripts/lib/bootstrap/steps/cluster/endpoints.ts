import { ProblemError } from '../../../model/problem.ts'
import { having } from '../../findings.ts'
import { hasPrivateImages } from '../../job.ts'
import {
  areIsolated,
  endpointTable,
  isolationProblem,
  readEndpoints,
  readSubnets,
  subnetTable,
} from '../../network.ts'
import type { StepDefinition } from '../definition.ts'

/** Checks that a cluster in isolated subnets can reach the services that it pulls images from. */
export const endpointsStep: StepDefinition = {
  id: 'endpoints',
  title: 'VPC endpoints',
  changes: () => false,

  plan: ({ flags }) =>
    flags.ignoreChecks
      ? undefined
      : "if the cluster's subnets are isolated, check that the VPC has endpoints for s3, ecr.api and ecr.dkr",

  async run(job, findings, step) {
    const { foundation, opened } = having(findings, 'foundation', 'opened')
    const { network, region } = foundation.account
    const { vpc, subnets: ids } = opened.cluster
    const subnets = await readSubnets(network, vpc, ids)
    step.show(subnetTable(subnets))
    if (!areIsolated(subnets)) {
      step.unchanged('all subnets can reach the internet')
      return {}
    }
    const isolation = isolationProblem(subnets, { arePrivate: hasPrivateImages(job) })
    const report = await readEndpoints(network, vpc, subnets, region)
    step.show(endpointTable(report.checked))
    const problems = [isolation, report.problem].filter((problem) => problem !== undefined)
    if (problems.length > 0) throw new ProblemError(problems)
    if (report.advised.length > 0) {
      step.note(`recommended endpoints that are missing: ${report.advised.join(', ')}`)
    }
    step.done('all endpoints that isolated subnets need are present')
    return {}
  },
}
