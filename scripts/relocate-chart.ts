import './lib/cli/working-folder.ts'
import type { RelocateFlags } from './lib/relocate/command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import {
  allowUnprovenOption,
  apiVersionsOption,
  collect,
  collectWhole,
  kubeVersionOption,
  layoutOption,
  outputOption,
  prefixOption,
  textOfKind,
} from './lib/cli/options.ts'
import { namespaceKind } from './lib/model/names/kubernetes.ts'

const help = `
Exit codes: 0 proven, 1 a reference stays public or the chart does not render, 2 usage.

Examples:
  npx tsx scripts/relocate-chart.ts $REGISTRY grafana --repo https://grafana.github.io/helm-charts > values.yaml
  npx tsx scripts/relocate-chart.ts $REGISTRY oci://public.ecr.aws/karpenter/karpenter --set settings.clusterName=c
  npx tsx scripts/relocate-chart.ts $REGISTRY ./my-chart -f values.yaml --output json
  npx tsx scripts/relocate-chart.ts $REGISTRY ./my-chart --repack patched/`

await runMain((context) =>
  createCommand(
    'relocate-chart',
    'Finds every image of any chart, and prints the proven values that make it pull from a private Amazon ECR registry.',
  )
    .argument('<registry>', 'host of the registry: <account>.dkr.ecr.<region>.amazonaws.com')
    .argument('<chart>', 'folder, archive, oci://host/path/name, or a name with --repo')
    .optionsGroup('The chart:')
    .option('--repo <url>', 'chart repository in which the name is looked up')
    .option('--version <version>', 'its version (default: the newest stable one)')
    .option('-f, --values <file>', 'values file, as helm takes it; repeatable', collect)
    .option('--set <values>', 'values, as helm takes them; repeatable', collectWhole)
    .option('--set-string <values>', 'the same, always as strings', collectWhole)
    .option('--set-json <values>', 'the same, as JSON', collectWhole)
    .addOption(kubeVersionOption())
    .addOption(apiVersionsOption())
    .option('--namespace <name>', 'namespace to render for', textOfKind(namespaceKind), 'default')
    .optionsGroup('Where to:')
    .addOption(layoutOption())
    .addOption(prefixOption())
    .optionsGroup('What:')
    .option('--mirror <reference>', 'text that may be a reference is one; repeatable', collect)
    .option('--ignore <reference>', 'text that may be a reference is none; repeatable', collect)
    .option('--repack <dir>', 'also write a patched chart, whose own defaults are private')
    .option('--post-renderer <dir>', 'also write a post-renderer for what no value reaches')
    .optionsGroup('Output:')
    .addOption(outputOption())
    .option('--images', 'print just the source references, one a line')
    .option('--graph', 'print just the dependency graph')
    .addOption(allowUnprovenOption())
    .addHelpText('after', help)
    .action(
      withExitCode(async (registry: string, chart: string, flags: RelocateFlags) => {
        const { runRelocate } = await import('./lib/relocate/command.ts')
        return runRelocate(registry, chart, flags, context)
      }),
    ),
)
