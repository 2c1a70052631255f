import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { syncAddons } from './lib/commands/sync-addons.ts'

await runCommand(syncAddons, async ({ flags }, context) => {
  const { runSync } = await import('./lib/addons/sync/command.ts')
  return runSync(flags, context)
})
