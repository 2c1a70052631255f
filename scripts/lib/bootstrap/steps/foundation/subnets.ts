import { ProblemError } from '../../../model/problem.ts'
import { having } from '../../findings.ts'
import { hasPrivateImages } from '../../job.ts'
import { isolationProblem, readSubnets, subnetTable } from '../../network.ts'
import type { StepDefinition } from '../definition.ts'

/** Checks that images can be pulled from the subnets of an existing VPC. */
export const subnetsStep: StepDefinition = {
  id: 'subnets',
  title: 'Subnets',
  changes: () => false,

  plan: ({ deploy, flags }) =>
    deploy.kind !== 'import-vpc' || flags.ignoreChecks
      ? undefined
      : `check whether ${deploy.subnets.join(', ')} can reach the internet; isolated subnets need images in the private registry`,

  async run(job, findings, step) {
    const { deploy } = job.request
    if (deploy.kind !== 'import-vpc') throw new Error('there are no subnets to check')
    const { account } = having(findings, 'account')
    const found = await readSubnets(account.network, deploy.vpc, deploy.subnets)
    step.show(subnetTable(found))
    const problem = isolationProblem(found, { arePrivate: hasPrivateImages(job) })
    if (problem !== undefined) throw new ProblemError(problem)
    step.done(`${found.length} subnets of "${deploy.vpc}"`)
    return { subnets: found }
  },
}
