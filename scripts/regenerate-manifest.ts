import { createCommand, runMain } from './lib/cli/main.ts'

await runMain((context) =>
  createCommand(
    'regenerate-manifest',
    'Generates manifests/private-ecr-manifest.ts, and the schema for editors, from manifests/charts.yaml.',
  )
    .option('--check', 'change nothing; exit 1 when a generated file is out of date')
    .action(async (options: { readonly check?: boolean; readonly quiet?: boolean }) => {
      const { regenerate } = await import('./lib/sources/regenerate.ts')
      await regenerate(options, context)
    }),
)
