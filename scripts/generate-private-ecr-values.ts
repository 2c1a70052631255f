import type { ValuesFlags } from './lib/charts/values-command.ts'
import { createCommand, runMain } from './lib/cli/main.ts'
import { manifestOption, prefixOption } from './lib/cli/options.ts'

await runMain((context) =>
  createCommand(
    'generate-private-ecr-values',
    'Prints the values that make every chart of the manifest pull from a private Amazon ECR registry.',
  )
    .argument('<registry>', 'host of the registry: <account>.dkr.ecr.<region>.amazonaws.com')
    .addOption(manifestOption())
    .addOption(prefixOption())
    .addHelpText(
      'after',
      '\nExample: npx tsx scripts/generate-private-ecr-values.ts 123456789012.dkr.ecr.us-east-2.amazonaws.com > ecr-values.yaml',
    )
    .action(async (registry: string, flags: ValuesFlags) => {
      const { runValues } = await import('./lib/charts/values-command.ts')
      await runValues(registry, flags, context)
    }),
)
