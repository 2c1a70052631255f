import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { generateCatalog } from './lib/commands/generate-catalog.ts'

await runCommand(generateCatalog, async ({ flags }, context) => {
  const { runCatalog } = await import('./lib/addons/catalog-command.ts')
  return runCatalog(flags, context)
})
