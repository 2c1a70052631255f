import './lib/cli/working-folder.ts'
import { Argument } from 'commander'
import { createCommand, runMain } from './lib/cli/main.ts'
import { collect, prefixOption } from './lib/cli/options.ts'
import type { PolicyFlags, PolicyName } from './lib/policies/command.ts'

const help = `
Exit codes: 0 printed, 2 usage.

Examples:
  npx tsx scripts/print-policy.ts mirror 123456789012.dkr.ecr.us-east-2.amazonaws.com --prefix team > mirror.json
  npx tsx scripts/print-policy.ts bootstrap 123456789012.dkr.ecr.us-east-2.amazonaws.com --stack MA-Dev`

await runMain((context) =>
  createCommand('print-policy', 'Prints the IAM policy that a command needs, for one registry.')
    .addArgument(
      new Argument('<policy>', 'the command that it is for').choices([
        'mirror',
        'bootstrap',
        'cleanup',
      ]),
    )
    .argument('<registry>', 'host of the registry: <account>.dkr.ecr.<region>.amazonaws.com')
    .addOption(prefixOption())
    .option(
      '--chart <name>',
      'also the repositories of this chart in the by-chart layout, as sync-addons makes them; repeatable',
      collect,
    )
    .option('--stack <name>', 'name of the CloudFormation stack; * stands for any text', 'MA*')
    .option('--cluster <name>', 'name of the EKS cluster; * stands for any text', 'migration-eks*')
    .option(
      '--node-role <name>',
      "name of the role of the cluster's nodes (default: as the stack names it)",
    )
    .addHelpText('after', help)
    .action(async (name: PolicyName, registry: string, flags: PolicyFlags) => {
      const { runPrintPolicy } = await import('./lib/policies/command.ts')
      return runPrintPolicy(name, registry, flags, context)
    }),
)
