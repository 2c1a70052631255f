import './lib/cli/working-folder.ts'
import { runCommand } from './lib/cli/main.ts'
import { cleanupEcr } from './lib/commands/cleanup-ecr.ts'

await runCommand(cleanupEcr, async ({ flags }, context) => {
  const { runCleanup } = await import('./lib/addons/cleanup/command.ts')
  return runCleanup(flags, context)
})
