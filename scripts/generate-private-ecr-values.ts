import './lib/cli/working-folder.ts'
import { Option } from 'commander'
import type { ValuesFlags } from './lib/values/command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import {
  allowUnprovenOption,
  collect,
  layoutOption,
  manifestOption,
  prefixOption,
} from './lib/cli/options.ts'

const help = `
Exit codes: 0 all proven, 1 a reference would stay public, 2 usage.

Examples:
  npx tsx scripts/generate-private-ecr-values.ts 123456789012.dkr.ecr.us-east-2.amazonaws.com > ecr-values.yaml
  npx tsx scripts/generate-private-ecr-values.ts 123456789012.dkr.ecr.us-east-2.amazonaws.com --format chart --out values`

await runMain((context) =>
  createCommand(
    'generate-private-ecr-values',
    'Prints the values that make every chart of the manifest pull from a private Amazon ECR registry.',
  )
    .argument('<registry>', 'host of the registry: <account>.dkr.ecr.<region>.amazonaws.com')
    .addOption(manifestOption())
    .addOption(prefixOption())
    .addOption(layoutOption())
    .option('--variant <name>', 'only what this variant needs (default: all of them)')
    .addOption(
      new Option('--format <shape>', 'values of the umbrella chart, or a file for each chart')
        .choices(['umbrella', 'chart'])
        .default('umbrella'),
    )
    .option('--chart <name>', 'only this chart; repeatable', collect)
    .option('--out <dir>', 'write files into this folder, and print their names')
    .addOption(allowUnprovenOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (registry: string, flags: ValuesFlags) => {
        const { runValues } = await import('./lib/values/command.ts')
        return runValues(registry, flags, context)
      }),
    ),
)
