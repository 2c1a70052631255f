import { join } from 'node:path'
import { environmentFor } from '../../../tools/process/environment.ts'
import { builtTemplate } from '../../application/artifacts.ts'
import { runBuild, synthCommand } from '../../application/build.ts'
import type { StepDefinition } from '../definition.ts'

/** Builds the CloudFormation templates of the checkout. */
export const buildTemplatesStep: StepDefinition = {
  id: 'build-templates',
  title: 'Template build',
  changes: () => true,

  plan: ({ build }) =>
    build.cfn ? 'synthesize the templates from the checkout (gradlew cdkSynthMinified)' : undefined,

  async run({ request, checkout = '', session, context, stateRoot }, _, step) {
    step.changing()
    const log = await runBuild('build-templates', synthCommand(checkout), {
      run: session.run,
      // The templates' resource names would include it.
      env: environmentFor('gradle-templates', context.env, { STACK_NAME_SUFFIX: '' }),
      cwd: checkout,
      signal: context.signal,
      logs: join(stateRoot, 'logs'),
      tell: step.note,
    })
    step.done(`build log: ${log}`)
    const { deploy } = request
    return deploy.kind === 'skip' ? {} : { template: await builtTemplate(checkout, deploy.kind) }
  },
}
