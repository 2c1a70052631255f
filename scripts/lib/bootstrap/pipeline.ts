import type { Checklist } from './checklist.ts'
import type { Findings } from './findings.ts'
import type { BootstrapJob } from './job.ts'
import { accessStep } from './steps/cluster/access.ts'
import { clusterStep } from './steps/cluster/cluster.ts'
import { endpointsStep } from './steps/cluster/endpoints.ts'
import { nodePoolStep } from './steps/cluster/node-pool.ts'
import type { StepDefinition } from './steps/definition.ts'
import { artifactsStep } from './steps/foundation/artifacts.ts'
import { buildTemplatesStep } from './steps/foundation/build-templates.ts'
import { identityStep } from './steps/foundation/identity.ts'
import { settingsStep } from './steps/foundation/settings.ts'
import { stackStep } from './steps/foundation/stack.ts'
import { subnetsStep } from './steps/foundation/subnets.ts'
import { buildImagesStep } from './steps/images/build-images.ts'
import { mirrorStep } from './steps/images/mirror.ts'
import { proofStep } from './steps/images/proof.ts'
import { valuesStep } from './steps/images/values.ts'
import { consoleStep } from './steps/installation/console.ts'
import { dashboardsStep } from './steps/installation/dashboards.ts'
import { nodePoolOffStep } from './steps/installation/node-pool-off.ts'
import { releaseStep } from './steps/installation/release.ts'

/** All steps of a bootstrap, in order. A request needs some of them. */
export const pipeline: readonly StepDefinition[] = [
  identityStep,
  subnetsStep,
  artifactsStep,
  buildTemplatesStep,
  stackStep,
  settingsStep,
  clusterStep,
  accessStep,
  nodePoolStep,
  endpointsStep,
  buildImagesStep,
  mirrorStep,
  valuesStep,
  proofStep,
  releaseStep,
  dashboardsStep,
  nodePoolOffStep,
  consoleStep,
]

/**
 * Runs the steps that the request needs, from the account to the console. Throws the error of the first failing step,
 * after everything that the steps opened is closed, the last one first.
 *
 * @param onFindings gets what is known after each step, to explain how the run ended
 */
export async function runSteps(
  steps: readonly StepDefinition[],
  job: BootstrapJob,
  checklist: Pick<Checklist, 'run'>,
  onFindings: (findings: Findings) => void,
): Promise<void> {
  const closers: (() => void)[] = []
  const atEnd = (close: () => void) => void closers.push(close)
  let findings: Findings = {}
  try {
    for (const { id, run } of steps.filter(({ plan }) => plan(job.request) !== undefined)) {
      const found = await checklist.run(id, (step) => run({ ...job, atEnd }, findings, step))
      findings = { ...findings, ...found }
      onFindings(findings)
    }
  } finally {
    for (const close of closers.toReversed()) close()
  }
}
