import type { CleanupFlags } from './lib/addons/cleanup-command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import { collect, outputOption, prefixOption } from './lib/cli/options.ts'

const help = `
Exit codes: 0 done, 1 some could not be deleted, 2 usage, 130 interrupted (run it again to finish).

Examples:
  npx tsx scripts/cleanup-ecr.ts --region us-east-2
  npx tsx scripts/cleanup-ecr.ts --keep manifests/private-ecr-manifest.ts --confirm`

await runMain((context) =>
  createCommand('cleanup-ecr', 'Deletes the repositories that this kit has created, and no others.')
    .option('--target-registry <host>', 'the registry (default: that of the credentials)')
    .option('--region <region>', 'region, checked against the host of the registry')
    .option('--tag <key=value>', 'the tag that marks them (default: chart-syncer=true)')
    .option('--keep <manifest>', 'leave what this manifest uses; repeatable', collect)
    .addOption(prefixOption())
    .option('--confirm', 'delete them, with all images in them; without it they are only listed')
    .addOption(outputOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (flags: CleanupFlags) => {
        const { runCleanup } = await import('./lib/addons/cleanup-command.ts')
        return runCleanup(flags, context)
      }),
    ),
)
