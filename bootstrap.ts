import './scripts/lib/cli/working-folder.ts'
import { Option } from 'commander'
import { createCommand, runMain, withExitCode } from './scripts/lib/cli/main.ts'
import { outputOption } from './scripts/lib/cli/options.ts'
import { addBootstrapOptions, addMirrorOptions, kitVersion } from './scripts/lib/bootstrap/flags.ts'
import type { BootstrapFlags } from './scripts/lib/bootstrap/arguments.ts'

const help = `
Exit codes: 0 all done, 1 a step failed, 2 usage, 3 failed before anything was changed, 130 interrupted. Run the same
command again to go on; nothing here deletes infrastructure.

Examples:
  npx tsx bootstrap.ts --deploy-create-vpc-cfn --stack-name MA --stage dev --region us-east-2
  npx tsx bootstrap.ts --deploy-import-vpc-cfn --stack-name MA-Prod --stage prod --vpc-id vpc-0a1b \\
    --subnet-ids subnet-0aaa,subnet-0bbb --create-vpc-endpoints --push-all-images-to-private-ecr
  npx tsx bootstrap.ts --skip-cfn-deploy --stage prod --push-all-images-to-private-ecr --upgrade`

await runMain((context) => {
  const command = createCommand(
    'bootstrap',
    'Takes an account to an installed system on an EKS cluster, isolated from the internet if need be.',
  )
  const givenForMirror = addMirrorOptions(addBootstrapOptions(command))
  return command
    .optionsGroup('Output:')
    .addOption(outputOption())
    .addOption(new Option('--plan', 'print the steps and what each would do, and change nothing'))
    .option('--state-dir <dir>', 'folder for the values, logs and reports of runs')
    .version(kitVersion(), '--kit-version', 'print the version of this kit')
    .addHelpText('after', help)
    .action(
      withExitCode(async (flags: BootstrapFlags) => {
        const { runBootstrap } = await import('./scripts/lib/bootstrap/command.ts')
        const given = { ...flags, givenForMirror: givenForMirror() }
        return runBootstrap(given, process.argv.slice(2), context)
      }),
    )
})
