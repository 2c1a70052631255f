import './scripts/lib/cli/working-folder.ts'
import { runCommand } from './scripts/lib/cli/main.ts'
import { bootstrap } from './scripts/lib/commands/bootstrap.ts'

await runCommand(bootstrap, async ({ flags }, context) => {
  const { runBootstrap } = await import('./scripts/lib/bootstrap/command.ts')
  return runBootstrap(flags, process.argv.slice(2), context)
})
