import './lib/cli/working-folder.ts'
import type { VerifyFlags } from './lib/verify/command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import {
  collect,
  layoutOption,
  manifestOption,
  outputOption,
  prefixOption,
} from './lib/cli/options.ts'

const help = `
Without --values it checks what generate-private-ecr-values prints. Exit codes: 0 everything is private, 1 something
is not, or renders nothing, 2 usage.

Examples:
  npx tsx scripts/verify-private-values.ts 123456789012.dkr.ecr.us-east-2.amazonaws.com --against-registry
  npx tsx scripts/verify-private-values.ts $REGISTRY --umbrella ./umbrella-chart -f values-eks.yaml -f ecr-values.yaml`

await runMain((context) =>
  createCommand(
    'verify-private-values',
    'Renders every chart with the values override and proves that nothing leads to a public registry any more.',
  )
    .argument('<registry>', 'host of the registry: <account>.dkr.ecr.<region>.amazonaws.com')
    .option('-f, --values <file>', 'an override to check; repeatable, the last wins', collect)
    .option('--umbrella <chart>', 'an umbrella chart whose installer values go to each child chart')
    .option('--chart <name>', 'only this chart; repeatable', collect)
    .addOption(manifestOption())
    .option('--list <file>', 'chart list with the variants (default: manifests/charts.yaml)')
    .addOption(layoutOption())
    .addOption(prefixOption())
    .option(
      '--against-registry',
      'also ask ECR whether each image is there, with the locked digest',
    )
    .option('--strict', 'an image that is there but has no locked digest is a failure')
    .addOption(outputOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (registry: string, flags: VerifyFlags) => {
        const { runVerify } = await import('./lib/verify/command.ts')
        return runVerify(registry, flags, context)
      }),
    ),
)
