import './lib/cli/working-folder.ts'
import type { CatalogFlags } from './lib/addons/catalog-command.ts'
import { createCommand, runMain, withExitCode } from './lib/cli/main.ts'
import { collect } from './lib/cli/options.ts'

const help = `
Exit codes: 0 written, even when no add-on is left, 1 the input cannot be used, 2 usage.

Examples:
  npx tsx scripts/generate-catalog.ts --values values.yaml --out catalog.yaml
  npx tsx scripts/generate-catalog.ts --values values.yaml --out catalog.yaml --only-addon karpenter,keda`

await runMain((context) =>
  createCommand('generate-catalog', 'Lists the charts of an add-ons values file as a catalog.')
    .option('--values <file>', 'values file that names the add-ons', './values.yaml')
    .option('--out <file>', 'the catalog to write (required)')
    .option('--only-addon <names>', 'only these charts; repeatable, commas separate', collect)
    .option('--exclude-addons <names>', 'all but these charts', collect)
    .addHelpText('after', help)
    .action(
      withExitCode(async (flags: CatalogFlags) => {
        const { runCatalog } = await import('./lib/addons/catalog-command.ts')
        return runCatalog(flags, context)
      }),
    ),
)
