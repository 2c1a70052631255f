import './lib/cli/working-folder.ts'
import { Option } from 'commander'
import type { RegenerateFlags } from './lib/manifest/command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import { collect, manifestOption, outputOption, textOfKind } from './lib/cli/options.ts'
import { kubeVersionKind } from './lib/model/names/kubernetes.ts'

const help = `
Renders every chart of manifests/charts.yaml, finds its images, works out the values that move them into a private
registry, proves them by rendering again, and writes manifests/private-ecr-manifest.ts. Prints what has changed.

Exit codes: 0 all proven, 1 something stays public or a check found a difference, 2 usage or chart list.

Examples:
  npx tsx scripts/regenerate-manifest.ts
  npx tsx scripts/regenerate-manifest.ts --bump argo-workflows=1.0.5
  npx tsx scripts/regenerate-manifest.ts --from ./umbrella-chart -f values-eks.yaml --manifest ./manifest.ts
  npx tsx scripts/regenerate-manifest.ts --why kube-webhook-certgen`

await runMain((context) =>
  createCommand(
    'regenerate-manifest',
    'Generates the version-locked manifest of images, charts and values from a chart list or an umbrella chart.',
  )
    .optionsGroup('From:')
    .option('--list <file>', 'another chart list (default: manifests/charts.yaml)')
    .addOption(
      new Option(
        '--from <chart>',
        'an umbrella chart instead, folder or archive, with its charts: map',
      ).conflicts(['bump', 'chart']),
    )
    .option('-f, --values <file>', 'values that the umbrella chart is installed with', collect)
    .option(
      '--kube-version <version>',
      'version of the cluster that the umbrella chart is for',
      textOfKind(kubeVersionKind),
    )
    .option('--chart <name>', 'look at this chart only; repeatable', collect)
    .option(
      '--bump <name=version>',
      'first change a version in the chart list; repeatable',
      collect,
    )
    .optionsGroup('What:')
    .addOption(manifestOption())
    .option('--digests', 'ask the registries, and write the digests to private-ecr-lock.json')
    .addOption(
      new Option(
        '--check',
        'change nothing; exit 1 when a generated file is out of date',
      ).conflicts(['bump', 'from', 'digests', 'chart']),
    )
    .option('--render', 'with --check: repeat the renders too; skipped where charts cannot be had')
    .addOption(
      new Option('--outdated', 'list charts of which a newer version is published').conflicts([
        'check',
        'bump',
        'from',
        'digests',
      ]),
    )
    .addOption(
      new Option('--why <reference>', 'explain an image: chart, document, path, leaf').conflicts([
        'check',
        'outdated',
        'bump',
      ]),
    )
    .optionsGroup('Output:')
    .addOption(outputOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (flags: RegenerateFlags) => {
        const { runRegenerate } = await import('./lib/manifest/command.ts')
        return runRegenerate(flags, context)
      }),
    ),
)
