import './lib/cli/working-folder.ts'
import { InvalidArgumentError, Option } from 'commander'
import type { CleanupFlags } from './lib/addons/cleanup/command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import { collect, outputOption } from './lib/cli/options.ts'

const help = `
Exit codes: 0 done, 1 some could not be deleted, 2 usage, 130 interrupted (run it again to finish).

A repository is deleted when it bears the tag and is in scope. In scope are:
  with --manifest  the repositories of its images and charts, and all under the names of its charts
  with --prefix    all under that path
  with neither     all under mirrored/ and charts/

Examples:
  npx tsx scripts/cleanup-ecr.ts --region us-east-2
  npx tsx scripts/cleanup-ecr.ts --keep manifests/private-ecr-manifest.ts --confirm
  npx tsx scripts/cleanup-ecr.ts --manifest old-manifest.ts --keep manifests/private-ecr-manifest.ts`

/** An empty prefix, such as that of an unset variable, would mean more repositories than one with a name. */
function readPrefix(text: string, earlier: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.')
  if (earlier !== '') throw new InvalidArgumentError('It can be given once only.')
  return text
}

await runMain((context) =>
  createCommand('cleanup-ecr', 'Deletes the repositories that this kit has created, and no others.')
    .option('--target-registry <host>', 'the registry (default: that of the credentials)')
    .option('--region <region>', 'region, checked against the host of the registry')
    .option('--tag <key=value>', 'the tag that marks them (default: chart-syncer=true)')
    .option('--manifest <file>', 'delete only what this manifest has put; repeatable', collect)
    .addOption(
      new Option('--prefix <path>', 'path of the repositories in the registry')
        .default('', 'none')
        .argParser(readPrefix),
    )
    .option('--keep <manifest>', 'keep what this manifest uses; repeatable', collect)
    .option('--confirm', 'delete them, with all images in them; without it they are only listed')
    .addOption(outputOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (flags: CleanupFlags) => {
        const { runCleanup } = await import('./lib/addons/cleanup/command.ts')
        return runCleanup(flags, context)
      }),
    ),
)
