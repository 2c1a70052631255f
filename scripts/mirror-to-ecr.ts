import './lib/cli/working-folder.ts'
import { Option } from 'commander'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import {
  collect,
  collectWhole,
  manifestOption,
  outputOption,
  prefixOption,
  regionOption,
} from './lib/cli/options.ts'
import { addCopyOptions } from './lib/cli/mirror-options.ts'
import type { MirrorFlags } from './lib/mirror/command.ts'
import { addRepositoryOptions } from './lib/mirror/target/flags.ts'

const help = `
Environment: the usual AWS credentials (AWS_PROFILE, AWS_ACCESS_KEY_ID, roles); DOCKERHUB_USERNAME and DOCKERHUB_TOKEN;
HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE.

Exit codes: 0 all done, 1 some items failed or differ, 2 usage, 3 preflight failed and nothing
was changed, 130 interrupted (run it again to finish).

Example: npx tsx scripts/mirror-to-ecr.ts 123456789012.dkr.ecr.us-east-2.amazonaws.com --region us-east-2`

await runMain((context) => {
  const command = createCommand(
    'mirror-to-ecr',
    'Copies every image and chart of the manifest into a private Amazon ECR registry.',
  )
    .argument('<registry>', 'host of the registry: <account>.dkr.ecr.<region>.amazonaws.com')
    .optionsGroup('What:')
    .addOption(manifestOption())
    .option('--only <glob>', 'only these charts (with their images) or images; repeatable', collect)
    .option('--exclude <glob>', 'all but these charts or images; repeatable', collect)
    .addOption(new Option('--images-only', 'no charts').conflicts('chartsOnly'))
    .addOption(new Option('--charts-only', 'no images').conflicts('imagesOnly'))
    .option('--group <name>', 'only charts of this group, such as production')
    .optionsGroup('Where:')
    .addOption(regionOption())
    .addOption(prefixOption())
    .optionsGroup('Run:')
    .option('--plan', 'print what would be done, and change nothing')
    .option('--state-dir <dir>', 'folder for the run lock and the last report')
    .option('--update-lock', 'write what was learned of images into the lock beside the manifest')
  return addRepositoryOptions(addCopyOptions(command))
    .optionsGroup('Output:')
    .addOption(outputOption())
    .addOption(
      new Option(
        '--report <file>',
        'write the report as JSON, or as a page when the name ends in .html; repeatable',
      )
        .argParser(collectWhole)
        .conflicts('plan'),
    )
    .addHelpText('after', help)
    .action(
      withExitCode(async (registry: string, flags: MirrorFlags) => {
        const { runMirror } = await import('./lib/mirror/command.ts')
        return runMirror(registry, flags, context)
      }),
    )
})
