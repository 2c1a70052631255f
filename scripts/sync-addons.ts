import './lib/cli/working-folder.ts'
import { Option } from 'commander'
import type { SyncFlags } from './lib/addons/sync/options.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import { addCopyOptions } from './lib/cli/mirror-options.ts'
import {
  addSecretOptions,
  allowUnprovenOption,
  apiVersionsOption,
  collect,
  kubeVersionOption,
  outputOption,
} from './lib/cli/options.ts'
import { addRepositoryOptions } from './lib/mirror/target/flags.ts'

const help = `
Exit codes: 0 all done, 1 some add-ons failed, differ or are not proven, 2 usage, 3 preflight failed, 130 interrupted.

Examples:
  npx tsx scripts/sync-addons.ts --values values.yaml --latest --push-images
  npx tsx scripts/sync-addons.ts --values values.yaml --scan-only --target-registry $REGISTRY
  npx tsx scripts/sync-addons.ts --catalog catalog.yaml --only-addon argocd,karpenter --target-prefix team/x`

await runMain((context) => {
  const command = createCommand(
    'sync-addons',
    'Puts the charts of an add-ons file and their images into a private Amazon ECR registry, the charts with private defaults.',
  )
    .optionsGroup('What:')
    .option('--values <file>', 'values file that names the add-ons (default: ./values.yaml)')
    .addOption(
      new Option('--catalog <files>', 'catalogs instead; repeatable, commas separate')
        .argParser(collect)
        .conflicts('values'),
    )
    .option(
      '--only-addon <names>',
      'only these: charts of a values file, releases of a catalog',
      collect,
    )
    .option('--exclude-addons <names>', 'all but these', collect)
    .option('--enabled-only', 'leave out what the file itself switches off')
    .option('--latest', 'take the newest stable version of every chart')
    .addOption(
      new Option('--include-dependencies', 'find images in dependencies, too').default(true, 'on'),
    )
    .option('--exclude-dependencies', 'leave dependencies as they are, with their public images')
    .option('--chart-overrides <file>', 'values that charts need (default: ./chart-overrides.yaml)')
    .addOption(kubeVersionOption())
    .addOption(apiVersionsOption())
    .optionsGroup('Where to:')
    .option('--target-registry <host>', 'the registry (default: that of the credentials)')
    .option('--target-prefix <path>', 'path under which images are put', '')
    .option('--region <region>', 'region, checked against the host of the registry')
    .addOption(
      new Option('--layout <name>', 'how places in the registry are named')
        .choices(['by-chart', 'mirrored'])
        .default('by-chart'),
    )
    .option('--out <folder>', 'folder for repacked charts and values', './helm-charts')
    .optionsGroup('Run:')
    .option('--push-images', 'push images and charts (what is done anyway)')
    .addOption(new Option('--scan-only', 'write files, push nothing').conflicts('pushImages'))
    .addOption(allowUnprovenOption())
    .option('--state-dir <dir>', 'folder for the run lock')
  return addSecretOptions(addRepositoryOptions(addCopyOptions(command)))
    .optionsGroup('Output:')
    .addOption(outputOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (flags: SyncFlags) => {
        const { runSync } = await import('./lib/addons/sync/command.ts')
        return runSync(flags, context)
      }),
    )
})
